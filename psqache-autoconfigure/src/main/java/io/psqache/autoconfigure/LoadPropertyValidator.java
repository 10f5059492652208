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

package io.psqache.autoconfigure;

import java.time.Duration;

import io.psqache.CacheSettings;
import io.psqache.LoadSettings;
import io.psqache.autoconfigure.PsqacheProperties.Cache;
import org.jspecify.annotations.Nullable;

/**
 * Validates the properties of a cache that configure its loads.
 */
final class LoadPropertyValidator {

	private LoadPropertyValidator() {
	}

	/**
	 * Validate the settings of a cache.
	 * @param defaults the settings that apply if the cache does not set them
	 */
	static void validate(String prefix, Cache cache, Cache defaults) {
		requirePositive(prefix + "fresh-for", cache.freshFor());
		requirePositive(prefix + "stale-if-error", cache.staleIfError());
		requirePositive(prefix + "load-timeout.soft", cache.loadTimeout().soft());
		requirePositive(prefix + "load-timeout.hard", cache.loadTimeout().hard());
		requireShorterThanLife(prefix, cache, defaults);
		requireShorterThanHard(prefix, cache, defaults);
		Double refreshAhead = cache.refreshAhead();
		if (refreshAhead != null) {
			PropertyValidator.require(refreshAhead >= 0 && refreshAhead <= LoadSettings.MAX_REFRESH_AHEAD,
					prefix + "refresh-ahead", refreshAhead,
					"It must be between 0 and " + (int) LoadSettings.MAX_REFRESH_AHEAD + ".");
		}
	}

	/**
	 * Require {@code fresh-for} to be shorter than the time-to-live, because an expired
	 * entry cannot become stale.
	 */
	private static void requireShorterThanLife(String prefix, Cache cache, Cache defaults) {
		Duration freshFor = first(cache.freshFor(), defaults.freshFor(), Duration.ZERO);
		Duration timeToLive = first(cache.timeToLive(), defaults.timeToLive(), CacheSettings.defaults().timeToLive());
		PropertyValidator.require(timeToLive.isZero() || freshFor.compareTo(timeToLive) < 0, prefix + "fresh-for",
				freshFor, "It must be shorter than the time-to-live, which is " + timeToLive + " here.");
	}

	/**
	 * Require the soft timeout to be shorter than the hard timeout, because callers
	 * receive an exception at the hard timeout.
	 */
	private static void requireShorterThanHard(String prefix, Cache cache, Cache defaults) {
		Duration soft = first(cache.loadTimeout().soft(), defaults.loadTimeout().soft(), Duration.ZERO);
		Duration hard = first(cache.loadTimeout().hard(), defaults.loadTimeout().hard(), Duration.ZERO);
		PropertyValidator.require(hard.isZero() || soft.compareTo(hard) < 0, prefix + "load-timeout.soft", soft,
				"It must be shorter than load-timeout.hard, which is " + hard + " here.");
	}

	private static Duration first(@Nullable Duration value, @Nullable Duration defaultValue, Duration fallback) {
		if (value != null) {
			return value;
		}
		return (defaultValue != null) ? defaultValue : fallback;
	}

	private static void requirePositive(String name, @Nullable Duration duration) {
		if (duration != null) {
			PropertyValidator.require(!duration.isNegative() && duration.compareTo(CacheSettings.MAX_TIME_TO_LIVE) <= 0,
					name, duration, "It must be positive and at most 36500d, or 0 for none.");
		}
	}

}
