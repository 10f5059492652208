package io.psqache.autoconfigure;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.psqache.CacheOperation;
import io.psqache.CacheStatistics;
import io.psqache.PostgresCache;
import io.psqache.store.FailureCause;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one cache: Micrometer's {@code cache.*}, and {@code psqache.failures} by
 * operation and cause.
 */
class PostgresCacheMetrics extends CacheMeterBinder<PostgresCache> {

	/**
	 * What comes and goes with the state of the server, and alarms are set on. These have
	 * their meters from the start: Prometheus sees no increase in a meter that appears
	 * with all its failures already counted. The other causes are rare, and nine more
	 * meters for each operation and cache are too many to be zero: theirs appear with the
	 * first failure.
	 */
	private static final Set<FailureCause> EXPECTED = EnumSet.of(FailureCause.TIMEOUT, FailureCause.UNAVAILABLE,
			FailureCause.OVERLOADED);

	private final CacheStatistics statistics;

	PostgresCacheMetrics(PostgresCache cache, Iterable<Tag> tags) {
		super(cache, cache.getName(), tags);
		this.statistics = cache.getStatistics();
	}

	@Override
	protected @Nullable Long size() {
		return null; // to count the entries would take a scan of the table
	}

	@Override
	protected long hitCount() {
		return this.statistics.hits();
	}

	@Override
	protected Long missCount() {
		return this.statistics.misses();
	}

	@Override
	protected Long evictionCount() {
		return this.statistics.evictions();
	}

	@Override
	protected long putCount() {
		return this.statistics.puts();
	}

	@Override
	protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
		for (CacheOperation operation : CacheOperation.values()) {
			EXPECTED.forEach((cause) -> bindFailures(registry, operation, cause));
		}
		this.statistics.addNewFailureListener((operation, cause) -> bindFailures(registry, operation, cause));
	}

	private void bindFailures(MeterRegistry registry, CacheOperation operation, FailureCause cause) {
		FunctionCounter
			.builder("psqache.failures", this.statistics, (statistics) -> statistics.failures(operation, cause))
			.tags(getTagsWithCacheName())
			.tag("operation", operation.name().toLowerCase(Locale.ROOT))
			.tag("cause", cause.name().toLowerCase(Locale.ROOT))
			.description("Operations that failed or took longer than psqache.timeout")
			.register(registry);
	}

}
