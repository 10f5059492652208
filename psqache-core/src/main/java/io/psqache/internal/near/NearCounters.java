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

package io.psqache.internal.near;

import java.util.concurrent.atomic.LongAdder;

import io.psqache.NearStatistics;

/**
 * Counters of one near cache since its creation. Thread-safe; the counters only increase.
 */
public final class NearCounters implements NearStatistics {

	final LongAdder hits = new LongAdder();

	final LongAdder misses = new LongAdder();

	final LongAdder bypasses = new LongAdder();

	NearCounters() {
	}

	@Override
	public long hits() {
		return this.hits.sum();
	}

	@Override
	public long misses() {
		return this.misses.sum();
	}

	@Override
	public long bypasses() {
		return this.bypasses.sum();
	}

}
