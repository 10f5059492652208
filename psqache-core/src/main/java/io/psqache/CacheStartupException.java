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
 * Thrown when psqache cannot start. The message states what happened, why, and what to
 * do, also without a failure analyzer.
 */
@SuppressWarnings("serial")
public class CacheStartupException extends RuntimeException {

	private final String description;

	private final String action;

	/**
	 * Create a new exception.
	 * @param description what happened and why
	 * @param action what to do
	 * @param cause the cause; may be {@code null}
	 */
	public CacheStartupException(String description, String action, @Nullable Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/**
	 * Create a new exception without a cause.
	 * @param description what happened and why
	 * @param action what to do
	 */
	public CacheStartupException(String description, String action) {
		this(description, action, null);
	}

	/**
	 * Return what happened and why.
	 * @return the description, without secrets
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Return what to do.
	 * @return the action, which may contain SQL statements
	 */
	public String action() {
		return this.action;
	}

}
