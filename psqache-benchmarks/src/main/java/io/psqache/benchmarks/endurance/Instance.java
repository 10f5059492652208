package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheOperation;
import io.psqache.CacheSettings;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.benchmarks.contender.Assembly;
import io.psqache.benchmarks.workload.Product;
import io.psqache.near.NearChannel;
import io.psqache.near.NearState;
import io.psqache.near.NearStatistics;
import io.psqache.store.CacheFigures;
import org.jspecify.annotations.Nullable;

/**
 * psqache as one instance of an application has it. Thread-safe.
 */
final class Instance implements AutoCloseable {

	/**
	 * The name of the cache that holds the entries.
	 */
	static final String CACHE = "products";

	/**
	 * The defaults of {@code psqache.sweep.interval} and {@code psqache.sweep.pages}.
	 */
	private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

	private static final int SWEEP_PAGES = 1000;

	private final HikariDataSource pool;

	private final PostgresCacheManager manager;

	private final PostgresCache cache;

	Instance(HikariConfig config, Sweeper sweeper, UnaryOperator<CacheSettings> settings) {
		this(config, sweeper, settings, List.of(Product.class));
	}

	/**
	 * Create it.
	 * @param immutableTypes whose values near caches share
	 */
	Instance(HikariConfig config, Sweeper sweeper, UnaryOperator<CacheSettings> settings,
			List<Class<?>> immutableTypes) {
		this.pool = Assembly.pool(config);
		PostgresCacheManager.Builder builder = Assembly.manager(this.pool)
			.cache(CACHE, settings)
			.immutableTypes(immutableTypes);
		if (sweeper == Sweeper.ON) {
			builder = builder.sweep(SWEEP_INTERVAL, SWEEP_PAGES);
		}
		this.manager = builder.build();
		this.cache = cache(CACHE);
	}

	PostgresCache cache() {
		return this.cache;
	}

	PostgresCache cache(String name) {
		if (!(this.manager.getCache(name) instanceof PostgresCache made)) {
			throw new IllegalStateException("No cache " + name);
		}
		return made;
	}

	/**
	 * What tells instances with near caches of changes.
	 */
	NearChannel nearChannel() {
		return this.manager.getNearChannel();
	}

	/**
	 * Wait until copies are kept.
	 */
	void awaitListening() throws InterruptedException {
		Patience.await(Duration.ofSeconds(30), Duration.ofMillis(5),
				() -> nearChannel().state().status() == NearState.Status.LISTENING);
	}

	/**
	 * How many reads were answered with a copy.
	 */
	long nearHits() {
		NearStatistics near = this.cache.getStatistics().near();
		return (near != null) ? near.hits() : 0;
	}

	/**
	 * What the sweeper has counted, if there was a whole walk yet.
	 */
	@Nullable CacheFigures figures() {
		return this.cache.getFigures();
	}

	/**
	 * It fails open: a failed read looks like a miss, and a failed put like any other.
	 */
	long failures() {
		return Stream.of(CacheOperation.values())
			.mapToLong((operation) -> this.cache.getStatistics().failures(operation))
			.sum();
	}

	@Override
	public void close() {
		this.manager.close();
		this.pool.close();
	}

}
