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

package io.psqache.internal.cache;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.psqache.CacheSettings;
import io.psqache.internal.store.Lifetime;

/**
 * Calculates the lifetimes of the entries of one cache from its settings.
 *
 * @param settings the settings of the cache
 */
public record Lifetimes(CacheSettings settings) {

	/**
	 * Return the shortest lifetime of an entry without an explicit time-to-live.
	 */
	public Lifetime shortest() {
		Duration timeToLive = this.settings.timeToLive();
		Duration least = Duration.ofNanos((long) (timeToLive.toNanos() * (1 - this.settings.jitter())));
		return new Lifetime(timeToLive.isZero() ? null : least, this.settings.timeToIdle());
	}

	/**
	 * Return the lifetime for a new entry, with jitter.
	 */
	public Lifetime next() {
		Duration timeToLive = this.settings.timeToLive();
		if (timeToLive.isZero()) {
			return new Lifetime(null, this.settings.timeToIdle());
		}
		double jitter = this.settings.jitter();
		double fraction = (jitter > 0) ? 1 - jitter * ThreadLocalRandom.current().nextDouble() : 1;
		return new Lifetime(Duration.ofNanos((long) (timeToLive.toNanos() * fraction)), this.settings.timeToIdle());
	}

	/**
	 * Return the lifetime for an explicit time-to-live, without jitter.
	 * @throws IllegalArgumentException if the time-to-live is not valid
	 */
	public Lifetime of(Duration timeToLive) {
		return new Lifetimes(this.settings.withTimeToLive(timeToLive).withJitter(0)).next();
	}

}
