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

package io.psqache.sample;

import java.util.Locale;
import java.util.function.Supplier;

import org.springframework.http.HttpHeaders;

/**
 * A call of a cached method with its duration. The body of the method calls
 * {@link #happened()}, which distinguishes a miss from a hit while other requests use the
 * same cache.
 *
 * @param <T> the type of the result
 * @param result the result of the method
 * @param cached whether the method returned without a computation in this thread
 * @param millis the duration in milliseconds
 */
record Computation<T>(T result, boolean cached, double millis) {

	private static final ThreadLocal<Boolean> COMPUTED = ThreadLocal.withInitial(() -> false);

	private static final double NANOS_PER_MILLI = 1_000_000;

	static <T> Computation<T> of(Supplier<T> cachedMethod) {
		COMPUTED.set(false);
		try {
			long start = System.nanoTime();
			T result = cachedMethod.get();
			double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
			return new Computation<>(result, !COMPUTED.get(), millis);
		}
		finally {
			COMPUTED.remove();
		}
	}

	static void happened() {
		COMPUTED.set(true);
	}

	/**
	 * Return the call as HTTP headers: {@code Cache-Status} of RFC 9211, and
	 * {@code Server-Timing} of the W3C, which browsers show in their developer tools.
	 */
	HttpHeaders headers() {
		HttpHeaders headers = new HttpHeaders();
		headers.set("Cache-Status", this.cached ? "psqache; hit" : "psqache; fwd=miss");
		headers.set("Server-Timing", String.format(Locale.ROOT, "method;dur=%.3f", this.millis));
		// The browser must not cache, or the page would not show psqache.
		headers.setCacheControl("no-store");
		return headers;
	}

}
