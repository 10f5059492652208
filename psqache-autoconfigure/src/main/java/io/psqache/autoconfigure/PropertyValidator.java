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
import java.util.regex.Pattern;

import io.psqache.CacheSettings;
import io.psqache.NearSettings;
import io.psqache.autoconfigure.PsqacheProperties.Cache;
import io.psqache.autoconfigure.PsqacheProperties.Cache.Near;
import io.psqache.autoconfigure.PsqacheProperties.Sweep;
import io.psqache.internal.codec.DeclaredType;
import io.psqache.internal.codec.TrustedPackages;
import io.psqache.internal.store.SchemaName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Refuses property values that can be bound, but are invalid. The exception names the
 * property, its value and the allowed values.
 */
final class PropertyValidator {

	private static final Pattern PACKAGE = Pattern
		.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");

	private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);

	private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);

	private static final Duration MIN_TOMBSTONES = Duration.ofSeconds(1);

	private static final Duration MAX_TOMBSTONES = Duration.ofDays(1);

	private static final int MAX_POOL_SIZE = 1_000;

	private static final Duration MIN_SWEEP_INTERVAL = Duration.ofMillis(10);

	private static final Duration MIN_LEASE = Duration.ofMillis(100);

	private static final Duration MAX_LEASE = Duration.ofMinutes(1);

	private static final Duration MAX_SWEEP_INTERVAL = Duration.ofHours(1);

	private static final int MAX_SWEEP_PAGES = 100_000;

	private PropertyValidator() {
	}

	static void validate(PsqacheProperties properties, @Nullable ClassLoader classLoader) {
		require(SchemaName.isValid(properties.schema()), "psqache.schema", properties.schema(),
				"It must be " + SchemaName.RULE + ".");
		Duration timeout = properties.timeout();
		require(timeout.compareTo(MIN_TIMEOUT) >= 0 && timeout.compareTo(MAX_TIMEOUT) <= 0, "psqache.timeout", timeout,
				"It must be between 1ms and 1m.");
		Duration tombstoneRetention = properties.tombstoneRetention();
		require(tombstoneRetention.compareTo(MIN_TOMBSTONES) >= 0 && tombstoneRetention.compareTo(MAX_TOMBSTONES) <= 0,
				"psqache.tombstone-retention", tombstoneRetention,
				"It must be between 1s and 1d, and longer than any load.");
		String renamed = properties.tombstones();
		if (renamed != null) {
			throw new InvalidConfigurationPropertyValueException("psqache.tombstones", renamed,
					"The property was renamed. Set psqache.tombstone-retention to this value instead.");
		}
		int poolSize = properties.pool().maximumSize();
		require(poolSize > 0 && poolSize <= MAX_POOL_SIZE, "psqache.pool.maximum-size", poolSize,
				"It must be between 1 and " + MAX_POOL_SIZE + ".");
		validate(properties.sweep());
		Duration lease = properties.near().lease();
		require(lease.compareTo(MIN_LEASE) >= 0 && lease.compareTo(MAX_LEASE) <= 0, "psqache.near.lease", lease,
				"It must be between 100ms and 1m.");
		for (String name : properties.trustedPackages()) {
			String dangerous = TrustedPackages.dangerousPackage(name);
			require(dangerous == null, "psqache.trusted-packages", name,
					"psqache never trusts " + dangerous
							+ ", because an attacker can misuse its classes when they are created from stored "
							+ "data. Name a package that neither contains it nor is part of it, or cache a record "
							+ "of your own.");
			require(PACKAGE.matcher(name).matches() && TrustedPackages.mayBeTrusted(name), "psqache.trusted-packages",
					name,
					"It must be the name of a package of your own, such as com.acme.orders. Packages of "
							+ "the JDK and top-level names such as com are not allowed. Sub-packages are trusted "
							+ "with their parent.");
		}
		validate("psqache.defaults.", properties.defaults(), classLoader);
		LoadPropertyValidator.validate("psqache.defaults.", properties.defaults(), properties.defaults());
		properties.caches().forEach((name, cache) -> {
			validate("psqache.caches." + name + ".", cache, classLoader);
			LoadPropertyValidator.validate("psqache.caches." + name + ".", cache, properties.defaults());
		});
	}

	private static void validate(Sweep sweep) {
		Duration interval = sweep.interval();
		require(interval.compareTo(MIN_SWEEP_INTERVAL) >= 0 && interval.compareTo(MAX_SWEEP_INTERVAL) <= 0,
				"psqache.sweep.interval", interval, "It must be between 10ms and 1h.");
		int pages = sweep.pages();
		require(pages > 0 && pages <= MAX_SWEEP_PAGES, "psqache.sweep.pages", pages,
				"It must be between 1 and " + MAX_SWEEP_PAGES + ".");
	}

	private static void validate(String prefix, Cache cache, @Nullable ClassLoader classLoader) {
		requireLife(prefix + "time-to-live", cache.timeToLive(), "entries that never expire");
		requireLife(prefix + "time-to-idle", cache.timeToIdle(), "no limit");
		Double jitter = cache.jitter();
		if (jitter != null) {
			require(jitter >= 0 && jitter <= CacheSettings.MAX_JITTER, prefix + "jitter", jitter,
					"It must be between 0 and " + CacheSettings.MAX_JITTER + ".");
		}
		Long maxEntries = cache.maxEntries();
		if (maxEntries != null) {
			require(maxEntries >= 0, prefix + "max-entries", maxEntries, "It must be positive, or 0 for no bound.");
		}
		DataSize maxSize = cache.maxSize();
		if (maxSize != null) {
			require(!maxSize.isNegative(), prefix + "max-size", maxSize, "It must be positive, or 0 for no bound.");
		}
		validate(prefix + "near.", cache.near());
		String writes = cache.writes();
		if (writes != null) {
			throw new InvalidConfigurationPropertyValueException(prefix + "writes", writes,
					"This property no longer exists, because a put always waits until its entry is "
							+ "stored. Remove it. To write without waiting, use TypedCache.setAsync.");
		}
		String type = cache.type();
		if (type != null) {
			requireType(prefix + "type", type, classLoader);
		}
	}

	private static void validate(String prefix, Near near) {
		Long maxEntries = near.maxEntries();
		if (maxEntries != null) {
			require(maxEntries > 0 && maxEntries <= NearSettings.MAX_ENTRIES, prefix + "max-entries", maxEntries,
					"It must be between 1 and " + NearSettings.MAX_ENTRIES + ".");
		}
		DataSize maxSize = near.maxSize();
		if (maxSize != null) {
			require(!maxSize.isNegative(), prefix + "max-size", maxSize, "It must be positive, or 0 for any size.");
		}
		Duration duration = near.timeToLive();
		if (duration != null) {
			require(!duration.isNegative() && !duration.isZero()
					&& duration.compareTo(NearSettings.MAX_TIME_TO_LIVE) <= 0, prefix + "time-to-live", duration,
					"It must be positive and at most 365d.");
		}
	}

	private static void requireType(String name, String type, @Nullable ClassLoader classLoader) {
		try {
			DeclaredType.parse(type, classLoader);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(name, type,
					ex.getMessage() + " It must be a type as Java writes it, with the full names of classes, such as "
							+ "com.acme.User, com.acme.User[] or java.util.List<com.acme.User>.");
		}
	}

	private static void requireLife(String name, @Nullable Duration duration, String meaningOfZero) {
		if (duration != null) {
			require(!duration.isNegative() && duration.compareTo(CacheSettings.MAX_TIME_TO_LIVE) <= 0, name, duration,
					"It must be positive and at most 36500d, or 0 for " + meaningOfZero + ".");
		}
	}

	static void require(boolean condition, String name, Object value, String reason) {
		if (!condition) {
			throw new InvalidConfigurationPropertyValueException(name, value, reason);
		}
	}

}
