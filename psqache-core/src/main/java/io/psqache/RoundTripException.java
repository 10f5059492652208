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
 * Thrown by a put if {@code psqache.verify-round-trip} is set and the value is not read
 * back as it was put. Use it only in development and tests, because the message shows the
 * parts of the value that differ.
 */
@SuppressWarnings("serial")
public class RoundTripException extends RuntimeException {

	public RoundTripException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
