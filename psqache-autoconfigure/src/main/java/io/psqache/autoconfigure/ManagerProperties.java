package io.psqache.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.psqache.CacheSettings;
import io.psqache.LoadSettings;
import io.psqache.PostgresCacheManager;
import io.psqache.autoconfigure.PsqacheProperties.Cache;
import io.psqache.codec.DeclaredType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * Applies the properties to a cache manager that is being built.
 */
final class ManagerProperties {

	private final PsqacheProperties properties;

	private final Environment environment;

	private final @Nullable ClassLoader classLoader;

	ManagerProperties(PsqacheProperties properties, Environment environment, @Nullable ClassLoader classLoader) {
		this.properties = properties;
		this.environment = environment;
		this.classLoader = classLoader;
	}

	void applyTo(PostgresCacheManager.Builder builder, List<String> fixedNames) {
		builder.namespace(namespace());
		builder.sweep(this.properties.getSweep().getInterval(), this.properties.getSweep().getPages());
		builder.defaults((settings) -> merge(settings, this.properties.getDefaults()));
		this.properties.getCaches().forEach((name, cache) -> {
			requireKnown(name, fixedNames);
			builder.cache(name, (settings) -> merge(settings, cache));
		});
		if (!fixedNames.isEmpty()) {
			builder.fixedCacheNames(fixedNames);
		}
	}

	private String namespace() {
		String namespace = this.properties.getNamespace();
		return (namespace != null) ? namespace : this.environment.getProperty("spring.application.name", "");
	}

	private CacheSettings merge(CacheSettings settings, Cache properties) {
		PropertyMapper map = PropertyMapper.get();
		CacheSettings merged = settings;
		merged = map.from(properties::getTimeToLive).to(merged, CacheSettings::withTimeToLive);
		merged = map.from(properties::getTimeToIdle)
			.to(merged, (to, timeToIdle) -> to.withTimeToIdle(timeToIdle.isZero() ? null : timeToIdle));
		merged = map.from(properties::getJitter).to(merged, CacheSettings::withJitter);
		merged = map.from(properties::getCacheNullValues).to(merged, CacheSettings::withCacheNullValues);
		merged = map.from(properties::getStorage).to(merged, CacheSettings::withStorage);
		merged = map.from(properties::getWrites).to(merged, CacheSettings::withWrites);
		merged = map.from(properties::getMaxEntries)
			.to(merged, (to, maxEntries) -> to.withMaxEntries((maxEntries != 0) ? maxEntries : null));
		merged = map.from(properties::getMaxSize)
			.to(merged, (to, maxSize) -> to.withMaxSize((maxSize.toBytes() != 0) ? maxSize : null));
		merged = merged.withLoading(merge(merged.loading(), properties));
		return map.from(properties::getType)
			.as((type) -> DeclaredType.parse(type, this.classLoader))
			.to(merged, CacheSettings::withType);
	}

	private static LoadSettings merge(LoadSettings settings, Cache properties) {
		PropertyMapper map = PropertyMapper.get();
		LoadSettings merged = settings;
		merged = map.from(properties::getSingleFlight).to(merged, LoadSettings::withSingleFlight);
		merged = map.from(properties::getFreshFor).to(merged, (to, freshFor) -> to.withFreshFor(positive(freshFor)));
		merged = map.from(properties::getRefreshAhead).to(merged, LoadSettings::withRefreshAhead);
		merged = map.from(properties::getStaleIfError)
			.to(merged, (to, staleIfError) -> to.withStaleIfError(positive(staleIfError)));
		merged = map.from(properties.getLoadTimeout()::getSoft)
			.to(merged, (to, soft) -> to.withSoftTimeout(positive(soft)));
		return map.from(properties.getLoadTimeout()::getHard)
			.to(merged, (to, hard) -> to.withHardTimeout(positive(hard)));
	}

	private static @Nullable Duration positive(Duration duration) {
		return duration.isZero() ? null : duration;
	}

	/**
	 * Settings of a cache that cannot exist are a mistake in one of the two names.
	 */
	private static void requireKnown(String name, List<String> fixedNames) {
		if (!fixedNames.isEmpty() && !fixedNames.contains(name)) {
			throw new InvalidConfigurationPropertyValueException("psqache.caches", name,
					"spring.cache.cache-names allows no other caches than " + fixedNames + ".");
		}
	}

}
