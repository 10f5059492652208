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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Delegates to two monitors.
 */
record CombinedMonitor(CacheMonitor first, CacheMonitor second) implements CacheMonitor {

	@Override
	public void answered(OperationKind kind, long askedAt, @Nullable FailureCause failure) {
		this.first.answered(kind, askedAt, failure);
		this.second.answered(kind, askedAt, failure);
	}

	@Override
	public void batch(OperationKind kind, int size) {
		this.first.batch(kind, size);
		this.second.batch(kind, size);
	}

	@Override
	public void swept(long expired, long evicted) {
		this.first.swept(expired, evicted);
		this.second.swept(expired, evicted);
	}

	@Override
	public void invalidated(Duration delay) {
		this.first.invalidated(delay);
		this.second.invalidated(delay);
	}

}
