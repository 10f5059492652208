/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.watch;

/**
 * A table cannot be watched. Says what happened and why, and what to do.
 */
@SuppressWarnings("serial")
public final class WatchException extends RuntimeException {

	private final String description;

	private final String action;

	WatchException(String description, String action) {
		super(description + " " + action);
		this.description = description;
		this.action = action;
	}

	WatchException(String description, String action, Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/**
	 * What happened and why.
	 * @return a sentence or two
	 */
	public String description() {
		return this.description;
	}

	/**
	 * What to do about it.
	 * @return sentences, statements to run among them
	 */
	public String action() {
		return this.action;
	}

}
