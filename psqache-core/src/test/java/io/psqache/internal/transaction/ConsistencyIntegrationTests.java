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

package io.psqache.internal.transaction;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.test.Concurrently;
import io.psqache.NearCoherence;
import io.psqache.NearStatistics;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.TableWatch;
import io.psqache.TransactionMode;
import io.psqache.test.PlainApplication;
import io.psqache.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.cache.annotation.Cacheable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests consistency with random operations. Two instances change rows and read them
 * through the cache, and a session changes a watched table by plain SQL. A read never
 * returns a value older than the last commit before the read began.
 * <p>
 * A seed reproduces the operations, but not their interleaving:
 * {@code -Dpsqache.test.seed=42}. For a long run, set
 * {@code -Dpsqache.test.operations=10000000}.
 */
class ConsistencyIntegrationTests {

	private static final Logger logger = LoggerFactory.getLogger(ConsistencyIntegrationTests.class);

	private static final int ITEMS = 16;

	/**
	 * The first item whose row is in the watched table. Changes of these rows do not use
	 * the cache.
	 */
	private static final int FIRST_WATCHED = 12;

	private static final int THREADS = 8;

	private static final long SEED = Long.getLong("psqache.test.seed", System.nanoTime());

	private static final long OPERATIONS = Long.getLong("psqache.test.operations", 16_000);

	private final TestDatabase database = TestDatabase.create();

	/**
	 * The documented maximum age of near entries after the commit of a peer.
	 */
	private static final Duration STALENESS_OF_NEAR_ENTRIES = Duration.ofSeconds(2);

	private final List<Commits> committed = Stream.generate(Commits::new).limit(ITEMS).toList();

	private Duration staleness = Duration.ZERO;

	private boolean puts = true;

	private boolean withNear;

	/**
	 * Without watched tables: their caches have no strict near entries.
	 */
	private boolean strict;

	private final Collection<String> stale = new ConcurrentLinkedQueue<>();

	private final AtomicLong reads = new AtomicLong();

	private final AtomicLong hits = new AtomicLong();

	private final HikariDataSource others = new HikariDataSource();

	@Test
	void nothingStaleIsReadWhereChangesAreAtomic() throws Exception {
		run("atomic", (builder) -> builder.transactions(TransactionMode.ATOMIC));
		assertThat(this.stale).as("seed %d", SEED).isEmpty();
	}

	/**
	 * The bound is half the number of items, so that entries are deleted continuously. A
	 * deleted row must not change which values the fences refuse.
	 */
	@Test
	void nothingStaleIsReadWhereEntriesAreDeletedForABound() throws Exception {
		run("atomic, bound",
				(builder) -> builder.transactions(TransactionMode.ATOMIC)
					.cache("items", (items) -> items.withMaxEntries(ITEMS / 2L))
					.sweep(Duration.ofMillis(10), 1_000));
		assertThat(this.stale).as("seed %d", SEED).isEmpty();
	}

	/**
	 * Between a commit and its eviction, other callers read the old value. Afterwards
	 * they read the new one, unless two transactions put the same key: the last commit
	 * may not be the last write.
	 */
	@Test
	void changesAfterTheCommitAreReadStaleOnlyBriefly() throws Exception {
		this.puts = false;
		run("after commit", (builder) -> builder.transactions(TransactionMode.AFTER_COMMIT));
	}

	/**
	 * Near entries may be older than a commit of a peer by the documented time, but never
	 * older than a commit of the same instance.
	 */
	@Test
	void nothingStalerThanPromisedIsReadWhereInstancesKeepCopies() throws Exception {
		this.staleness = STALENESS_OF_NEAR_ENTRIES;
		this.withNear = true;
		run("atomic, near", (builder) -> builder.transactions(TransactionMode.ATOMIC)
			.cache("items", (items) -> items.withNear(items.near().withEnabled(true))));
		assertThat(this.stale).as("seed %d", SEED).isEmpty();
	}

	/**
	 * Three instances, whose subscriptions are ended all the time.
	 */
	@Test
	void nothingStaleIsReadWhereInstancesKeepStrictNearEntries() throws Exception {
		this.withNear = true;
		this.strict = true;
		run("atomic, strict", (builder) -> builder.transactions(TransactionMode.ATOMIC)
			.nearLease(Duration.ofMillis(500))
			.cache("items",
					(items) -> items.withNear(items.near().withEnabled(true).withCoherence(NearCoherence.STRICT))));
		assertThat(this.stale).as("seed %d", SEED).isEmpty();
	}

	private void run(String mode, Consumer<PostgresCacheManagerBuilder> settings) throws Exception {
		createTables();
		this.others.setJdbcUrl(this.database.url());
		this.others.setUsername(this.database.username());
		this.others.setPassword(this.database.password());
		AtomicBoolean over = new AtomicBoolean();
		try (PlainApplication first = start(settings);
				PlainApplication second = start(settings);
				PlainApplication third = this.strict ? start(settings) : null) {
			List<Instance> instances = Stream.of(first, second, third)
				.filter(Objects::nonNull)
				.map(Instance::new)
				.toList();
			if (this.withNear) {
				instances.forEach(Instance::awaitNearEntries);
			}
			CompletableFuture<?> disturbance = this.strict ? CompletableFuture.runAsync(() -> disturb(over))
					: CompletableFuture.completedFuture(null);
			Concurrently.start(THREADS, (number) -> {
				Random random = new Random(SEED + number);
				for (long operation = 0; operation < OPERATIONS / THREADS; operation++) {
					instances.get(number % instances.size()).operate(random);
				}
				return null;
			}).get(10 + OPERATIONS / 100, TimeUnit.SECONDS);
			over.set(true);
			disturbance.get(10, TimeUnit.SECONDS);
			this.reads.set(instances.stream().mapToLong((instance) -> instance.cache.getStatistics().misses()).sum());
			this.hits.set(instances.stream().mapToLong((instance) -> instance.cache.getStatistics().hits()).sum());
			logger.info(
					"{}, seed {}: {} operations, {} hits ({} of near entries), {} misses, {} puts refused, {} stale reads {}",
					mode, SEED, OPERATIONS, this.hits, instances.stream().mapToLong(Instance::nearEntries).sum(),
					this.reads,
					instances.stream().mapToLong((instance) -> instance.cache.getStatistics().refusedPuts()).sum(),
					this.stale.size(), this.stale.stream().limit(3).toList());
			for (int id = 0; id < ITEMS; id++) {
				for (Instance instance : instances) {
					instance.verify(id);
				}
			}
			assertThat(this.hits).hasPositiveValue();
			assertThat(instances.stream().allMatch((instance) -> instance.nearEntries() > 0)).isEqualTo(this.withNear);
		}
		finally {
			over.set(true);
			this.others.close();
			this.database.close();
		}
	}

	/**
	 * End connections that listen: what is sent meanwhile is not heard.
	 */
	private void disturb(AtomicBoolean over) {
		while (!over.get()) {
			LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
			this.database.query("""
					select count(pg_terminate_backend(pid))
					from (
					  select pid
					  from pg_stat_activity
					  where datname = current_database() and query like 'listen %'
					  order by random()
					  limit 1
					) as listening
					""");
		}
	}

	private void createTables() {
		this.database.execute("""
				create table item (id int primary key, version bigint not null);
				create table watched_item (id int primary key, version bigint not null);
				insert into item select id, 0 from generate_series(0, %1$d - 1) as id;
				insert into watched_item select id, 0 from generate_series(%1$d, %2$d - 1) as id;
				create view any_item as select * from item union all select * from watched_item;
				""".formatted(FIRST_WATCHED, ITEMS));
	}

	private PlainApplication start(Consumer<PostgresCacheManagerBuilder> settings) {
		return PlainApplication.on(this.database, this.strict ? settings : settings.andThen(
				(builder) -> builder.watch(List.of(TableWatch.evicting("watched_item", "items", "id").withMaxRows(2)))),
				Items.class);
	}

	/**
	 * One instance of the application.
	 */
	private final class Instance {

		private final Items items;

		private final PostgresCache cache;

		private final TransactionTemplate transaction;

		private final TransactionTemplate repeatable;

		/**
		 * The versions that this instance has committed.
		 */
		private final AtomicLongArray committed = new AtomicLongArray(ITEMS);

		Instance(PlainApplication application) {
			this.items = application.bean(Items.class);
			this.cache = application.cache("items");
			this.transaction = application.transaction();
			this.repeatable = application.transaction();
			this.repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		}

		void operate(Random random) {
			int id = random.nextInt(ConsistencyIntegrationTests.this.strict ? FIRST_WATCHED : ITEMS);
			int kind = random.nextInt(100);
			if (kind < 15 && id >= FIRST_WATCHED) {
				changeByPlainSql(id, random);
			}
			else if (kind < 12) {
				change(id, random);
			}
			else if (kind < 15) {
				changeAlone(id);
			}
			else if (kind < 18) {
				this.transaction.executeWithoutResult((status) -> read(id, random));
			}
			else if (kind < 19) {
				readFromASnapshot(id);
			}
			else {
				read(id, random);
			}
		}

		/**
		 * Change an item. Some transactions are rolled back, some are slow, some change
		 * two rows, and some put or load the new value.
		 */
		private void change(int id, Random random) {
			int second = (random.nextInt(4) == 0) ? random.nextInt(id, FIRST_WATCHED) : id;
			int ending = random.nextInt(10);
			boolean clear = random.nextInt(20) == 0;
			boolean put = random.nextInt(4) == 0 && ConsistencyIntegrationTests.this.puts;
			boolean load = random.nextInt(4) == 0;
			long delay = (random.nextInt(4) == 0) ? random.nextInt(2_000_000) : 0;
			long[] versions = Objects.requireNonNull(this.transaction.execute((status) -> {
				long version = this.items.increment(id);
				long secondVersion = (second != id) ? this.items.increment(second) : version;
				if (clear) {
					this.cache.clear();
				}
				else {
					this.cache.evict(id);
					this.cache.evict(second);
				}
				if (put) {
					this.cache.put(id, version);
				}
				if (load && this.items.version(id) != version) {
					ConsistencyIntegrationTests.this.stale.add("item %d within its own transaction".formatted(id));
				}
				// Some transactions take time.
				LockSupport.parkNanos(delay);
				if (ending < 2) {
					status.setRollbackOnly();
					return new long[] { 0, 0 };
				}
				return new long[] { version, secondVersion };
			}));
			committed(id, versions[0]);
			committed(second, versions[1]);
		}

		/**
		 * Change a row that no other session changes in the meantime, with REPEATABLE
		 * READ.
		 */
		private void changeAlone(int id) {
			try {
				Long version = this.repeatable.execute((status) -> {
					this.items.version(0);
					long changed = this.items.increment(id);
					this.cache.evict(id);
					return changed;
				});
				committed(id, Objects.requireNonNull(version));
			}
			catch (ConcurrencyFailureException ex) {
				// Another transaction has changed the row, as expected of REPEATABLE
				// READ.
			}
		}

		/**
		 * Change one to three rows as another service or psql would. Three rows clear the
		 * cache.
		 */
		private void changeByPlainSql(int id, Random random) {
			int last = Math.min(id + random.nextInt(3), ITEMS - 1);
			long delay = (random.nextInt(4) == 0) ? random.nextInt(2_000_000) : 0;
			boolean rollback = random.nextInt(10) < 2;
			Map<Integer, Long> changed = new HashMap<>();
			try (Connection connection = ConsistencyIntegrationTests.this.others.getConnection()) {
				connection.setAutoCommit(false);
				try (PreparedStatement update = connection.prepareStatement("""
						update watched_item set version = version + 1 where id between ? and ?
						returning id, version
						""")) {
					update.setInt(1, id);
					update.setInt(2, last);
					try (ResultSet rows = update.executeQuery()) {
						while (rows.next()) {
							changed.put(rows.getInt(1), rows.getLong(2));
						}
					}
				}
				// Some transactions take time.
				LockSupport.parkNanos(delay);
				if (rollback) {
					connection.rollback();
					return;
				}
				connection.commit();
			}
			catch (SQLException ex) {
				// PostgreSQL ends one of two transactions that deadlock.
				assertThat(ex.getSQLState()).isEqualTo("40P01");
				return;
			}
			changed.forEach((item, version) -> ConsistencyIntegrationTests.this.committed.get(item).add(version));
		}

		/**
		 * Load from an old snapshot. The value may be out of date and must not be cached.
		 */
		private void readFromASnapshot(int id) {
			this.repeatable.executeWithoutResult((status) -> {
				this.items.load(0);
				// Other transactions commit in this time.
				LockSupport.parkNanos(1_000_000);
				this.items.version(id);
			});
		}

		private void committed(int id, long version) {
			ConsistencyIntegrationTests.this.committed.get(id).add(version);
			this.committed.accumulateAndGet(id, version, Math::max);
		}

		private void read(int id, Random random) {
			Commits commits = ConsistencyIntegrationTests.this.committed.get(id);
			if (random.nextInt(3) == 0) {
				commits.add(this.items.load(id));
			}
			long committed = Math.max(this.committed.get(id),
					commits.before(ConsistencyIntegrationTests.this.staleness));
			boolean shared = random.nextInt(4) == 0;
			long version = shared ? this.items.sharedVersion(id) : this.items.version(id);
			if (version < committed) {
				ConsistencyIntegrationTests.this.stale.add("item %d was %d, %s, and %d was committed".formatted(id,
						version, shared ? "shared" : "not shared", committed));
			}
		}

		/**
		 * Wait until this instance has a near entry. A peer that changes the cache must
		 * first know that near caches exist.
		 */
		void awaitNearEntries() {
			Concurrently.awaitThat(() -> {
				this.items.version(0);
				return nearEntries() > 0;
			});
		}

		long nearEntries() {
			NearStatistics near = this.cache.getStatistics().near();
			return (near != null) ? near.hits() : 0;
		}

		/**
		 * Verify an item that no thread changes any longer.
		 */
		void verify(int id) {
			Awaitility.await("item %d, seed %d".formatted(id, SEED))
				.pollDelay(Duration.ZERO)
				.atMost(ConsistencyIntegrationTests.this.staleness.plusSeconds(5))
				.until(() -> this.items.version(id) == this.items.load(id));
		}

	}

	/**
	 * The versions of an item with the times when their commits were known.
	 */
	private static final class Commits {

		private final Deque<Commit> recent = new ArrayDeque<>();

		private long old;

		synchronized void add(long version) {
			this.recent.addLast(new Commit(System.nanoTime(), version));
		}

		/**
		 * Return the last version that was committed before a given time span.
		 */
		synchronized long before(Duration age) {
			long now = System.nanoTime();
			Commit first = this.recent.peekFirst();
			while (first != null && now - first.knownAt() >= age.toNanos()) {
				this.old = Math.max(this.old, first.version());
				this.recent.removeFirst();
				first = this.recent.peekFirst();
			}
			return this.old;
		}

	}

	private record Commit(long knownAt, long version) {

	}

	static class Items {

		private final JdbcClient jdbc;

		Items(JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		@Cacheable("items")
		public long version(int id) {
			return slowly(load(id), id);
		}

		@Cacheable(cacheNames = "items", sync = true)
		public long sharedVersion(int id) {
			return slowly(load(id), id);
		}

		private static long slowly(long version, int id) {
			// Loads take time, so that commits happen during loads.
			LockSupport.parkNanos((version + id) % 3 * 1_000_000);
			return version;
		}

		long load(int id) {
			return this.jdbc.sql("select version from any_item where id = ?").param(id).query(Long.class).single();
		}

		long increment(int id) {
			return this.jdbc.sql("update item set version = version + 1 where id = ? returning version")
				.param(id)
				.query(Long.class)
				.single();
		}

	}

}
