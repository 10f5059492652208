package io.psqache.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.Concurrently;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How much may be pending.
 */
class WriteBehindBoundsIntegrationTests {

	private static final StoredValue MEBIBYTE = StoredValue.payload(new byte[1024 * 1024], "bytes");

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final LanePool lanes = new LanePool(this.pool, 4, Duration.ofSeconds(20), StoreMonitor.NONE);

	private final EntrySql sql = new EntrySql(TestCaches.SCHEMA);

	private final WriteBehind writeBehind = new WriteBehind(this.sql, this.lanes, Duration.ofSeconds(20), Runnable::run,
			Guard.NONE);

	private final CacheHandle cache = Handles.of(this.sql, "cache");

	private final AtomicInteger stored = new AtomicInteger();

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.writeBehind.close();
		this.lanes.close();
		this.pool.close();
		this.database.close();
	}

	@Test
	void bytesAreBoundedAndGivenBack() {
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			put("1", Duration.ZERO);
			put("2", Duration.ZERO);
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 2);
			for (int i = 0; i < 100; i++) {
				put("replaced", Duration.ZERO);
			}
			for (int i = 0; i < 32 - 3; i++) {
				put("key" + i, Duration.ZERO);
			}
			assertTurnedAway("one more", Duration.ZERO);
			assertTurnedAway("one more", Duration.ofMillis(50));
			Evict evict = new Evict(this.sql, this.cache, "replaced");
			this.cache.pendingPuts().replacing(List.of(evict), this.lanes.writes("replaced")).send(evict);
			put("instead", Duration.ZERO);
			assertTurnedAway("one more", Duration.ZERO);
		}
		Concurrently.awaitThat(() -> this.stored.get() == 32);
		put("one more", Duration.ofSeconds(20));
		Concurrently.awaitThat(() -> this.stored.get() == 33);
	}

	private void assertTurnedAway(String key, Duration patience) {
		long start = System.nanoTime();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> put(key, patience))
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.OVERLOADED));
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(patience.toNanos());
	}

	private void put(String key, Duration patience) {
		this.writeBehind.put(this.cache, key, new NewEntry(MEBIBYTE, Lifetime.FOREVER), new PutListener() {

			@Override
			public void stored() {
				WriteBehindBoundsIntegrationTests.this.stored.incrementAndGet();
			}

			@Override
			public void refused() {
				throw new AssertionError();
			}

			@Override
			public void failed(StoreException failure) {
				throw failure;
			}

		}, patience);
	}

}
