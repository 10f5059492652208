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

package io.psqache;

import org.jspecify.annotations.Nullable;

/**
 * psqache cannot start. Says what happened and why, and what to do, also where no failure
 * analyzer prints it.
 */
@SuppressWarnings("serial")
public class CacheStartupException extends RuntimeException {

	private final String description;

	private final String action;

	/**
	 * Create the exception.
	 * @param description what happened and why, a sentence or two
	 * @param action what to do about it
	 * @param cause what was thrown; {@code null} if nothing was
	 */
	public CacheStartupException(String description, String action, @Nullable Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/**
	 * Create the exception, where nothing was thrown before.
	 * @param description what happened and why, a sentence or two
	 * @param action what to do about it
	 */
	public CacheStartupException(String description, String action) {
		this(description, action, null);
	}

	/**
	 * What happened and why.
	 * @return a sentence or two, without secrets
	 */
	public String description() {
		return this.description;
	}

	/**
	 * What to do about it.
	 * @return sentences, SQL statements among them
	 */
	public String action() {
		return this.action;
	}

}
