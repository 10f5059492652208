package io.psqache.autoconfigure;

import java.util.Locale;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.psqache.CacheOperation;
import io.psqache.CacheStatistics;
import io.psqache.PostgresCache;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one cache: Micrometer's {@code cache.*}, and {@code psqache.failures} by
 * operation.
 */
class PostgresCacheMetrics extends CacheMeterBinder<PostgresCache> {

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
			FunctionCounter.builder("psqache.failures", this.statistics, (statistics) -> statistics.failures(operation))
				.tags(getTagsWithCacheName())
				.tag("operation", operation.name().toLowerCase(Locale.ROOT))
				.description("Operations that failed or took longer than psqache.timeout")
				.register(registry);
		}
	}

}
