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
import java.util.List;

import io.psqache.CacheSettings;
import io.psqache.CacheStartupException;
import io.psqache.LoadSettings;
import io.psqache.NearSettings;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.autoconfigure.PsqacheProperties.Cache;
import io.psqache.autoconfigure.PsqacheProperties.Cache.Near;
import io.psqache.internal.codec.DeclaredType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Applies the properties to the builder of a cache manager.
 */
final class ManagerProperties {

	private static final String CAFFEINE = "com.github.benmanes.caffeine.cache.Caffeine";

	private final PsqacheProperties properties;

	private final Environment environment;

	private final @Nullable ClassLoader classLoader;

	ManagerProperties(PsqacheProperties properties, Environment environment, @Nullable ClassLoader classLoader) {
		this.properties = properties;
		this.environment = environment;
		this.classLoader = classLoader;
	}

	void applyTo(PostgresCacheManagerBuilder builder, List<String> fixedNames) {
		requireCaffeine("psqache.defaults", this.properties.defaults());
		this.properties.caches().forEach((name, cache) -> requireCaffeine("psqache.caches." + name, cache));
		applyConnections(builder);
		builder.schema(this.properties.schema())
			.migrate(this.properties.migrate())
			.unlogged(this.properties.unlogged())
			.failFast(this.properties.failFast())
			.timeout(this.properties.timeout())
			.tombstoneRetention(this.properties.tombstoneRetention())
			.transactions(this.properties.transactions())
			.requireEvictions(this.properties.requireEvictions())
			.trustedPackages(this.properties.trustedPackages())
			.verifyRoundTrip(this.properties.verifyRoundTrip())
			.classLoader(this.classLoader)
			.namespace(namespace(this.properties, this.environment));
		builder.sweep(this.properties.sweep().interval(), this.properties.sweep().pages());
		builder.immutableTypes(
				this.properties.near().immutableTypes().stream().<Class<?>>map(this::immutableType).toList());
		builder.nearLease(this.properties.near().lease());
		builder.defaults((settings) -> merge(settings, this.properties.defaults()));
		this.properties.caches().forEach((name, cache) -> {
			requireKnown(name, fixedNames);
			builder.cache(name, (settings) -> merge(settings, cache));
		});
		if (!fixedNames.isEmpty()) {
			builder.fixedCacheNames(fixedNames);
		}
	}

	private void applyConnections(PostgresCacheManagerBuilder builder) {
		PsqacheProperties.Datasource datasource = this.properties.datasource();
		builder.database(datasource.url(), datasource.username(), datasource.password())
			.poolSize(this.properties.pool().maximumSize());
	}

	private static String namespace(PsqacheProperties properties, Environment environment) {
		String namespace = properties.namespace();
		return (namespace != null) ? namespace : environment.getProperty("spring.application.name", "");
	}

	private CacheSettings merge(CacheSettings settings, Cache properties) {
		PropertyMapper map = PropertyMapper.get();
		CacheSettings merged = settings;
		merged = map.from(properties::timeToLive).to(merged, CacheSettings::withTimeToLive);
		merged = map.from(properties::timeToIdle)
			.to(merged, (to, timeToIdle) -> to.withTimeToIdle(timeToIdle.isZero() ? null : timeToIdle));
		merged = map.from(properties::jitter).to(merged, CacheSettings::withJitter);
		merged = map.from(properties::cacheNullValues).to(merged, CacheSettings::withCacheNullValues);
		merged = map.from(properties::storage).to(merged, CacheSettings::withStorage);
		merged = map.from(properties::maxEntries)
			.to(merged, (to, maxEntries) -> to.withMaxEntries((maxEntries != 0) ? maxEntries : null));
		merged = map.from(properties::maxSize)
			.to(merged, (to, maxSize) -> to.withMaxSize((maxSize.toBytes() != 0) ? maxSize : null));
		merged = merged.withNear(merge(merged.near(), properties.near()));
		merged = merged.withLoading(merge(merged.loading(), properties));
		return map.from(properties::type)
			.as((type) -> DeclaredType.parse(type, this.classLoader))
			.to(merged, CacheSettings::withType);
	}

	private static LoadSettings merge(LoadSettings settings, Cache properties) {
		PropertyMapper map = PropertyMapper.get();
		LoadSettings merged = settings;
		merged = map.from(properties::singleFlight).to(merged, LoadSettings::withSingleFlight);
		merged = map.from(properties::freshFor).to(merged, (to, freshFor) -> to.withFreshFor(positive(freshFor)));
		merged = map.from(properties::refreshAhead).to(merged, LoadSettings::withRefreshAhead);
		merged = map.from(properties::staleIfError)
			.to(merged, (to, staleIfError) -> to.withStaleIfError(positive(staleIfError)));
		merged = map.from(properties.loadTimeout()::soft).to(merged, (to, soft) -> to.withSoftTimeout(positive(soft)));
		return map.from(properties.loadTimeout()::hard).to(merged, (to, hard) -> to.withHardTimeout(positive(hard)));
	}

	private static @Nullable Duration positive(Duration duration) {
		return duration.isZero() ? null : duration;
	}

	private static NearSettings merge(NearSettings settings, Near properties) {
		PropertyMapper map = PropertyMapper.get();
		NearSettings merged = settings;
		merged = map.from(properties::enabled).to(merged, NearSettings::withEnabled);
		merged = map.from(properties::coherence).to(merged, NearSettings::withCoherence);
		merged = map.from(properties::maxEntries).to(merged, NearSettings::withMaxEntries);
		merged = map.from(properties::maxSize)
			.to(merged, (to, maxSize) -> to.withMaxSize((maxSize.toBytes() != 0) ? maxSize : null));
		return map.from(properties::timeToLive).to(merged, NearSettings::withTimeToLive);
	}

	private Class<?> immutableType(String name) {
		try {
			return ClassUtils.forName(name, this.classLoader);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			throw new InvalidConfigurationPropertyValueException("psqache.near.immutable-types", name,
					"It must be the full name of a class on the class path, such as com.acme.Money.");
		}
	}

	private void requireCaffeine(String prefix, Cache properties) {
		if (Boolean.TRUE.equals(properties.near().enabled()) && !ClassUtils.isPresent(CAFFEINE, this.classLoader)) {
			throw new CacheStartupException(
					prefix + ".near.enabled is true, but Caffeine, which holds the near entries, is not on the "
							+ "class path.",
					"Add com.github.ben-manes.caffeine:caffeine to the dependencies (psqache-spring-boot-starter has it),"
							+ " or set " + prefix + ".near.enabled to false.",
					null);
		}
	}

	/**
	 * Refuse settings of a cache that cannot be created: one of the two names is wrong.
	 */
	private static void requireKnown(String name, List<String> fixedNames) {
		if (!fixedNames.isEmpty() && !fixedNames.contains(name)) {
			throw new InvalidConfigurationPropertyValueException("psqache.caches", name,
					"spring.cache.cache-names does not contain it. It must be one of " + fixedNames + ".");
		}
	}

}
