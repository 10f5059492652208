package io.psqache;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.psqache.store.CacheFigures;
import io.psqache.store.StoredCache;
import io.psqache.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be read no more goes by itself, one instance is at it at a time, and all of
 * them see what it has found.
 */
class SweeperIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void entriesThatCanBeReadNoMoreGoByThemselvesAndOthersStay() {
		try (TestCaches caches = sweeping()) {
			TypedCache<String, Integer> expired = cache(caches, "expired");
			TypedCache<String, Integer> cleared = cache(caches, "cleared");
			TypedCache<String, Integer> dropped = cache(caches, "dropped");
			TypedCache<String, Integer> alive = cache(caches, "alive");
			numbers(500).forEach((key, value) -> expired.set(key, value, Duration.ofMillis(1)));
			cleared.setAll(numbers(500));
			dropped.setAll(numbers(500));
			alive.setAll(numbers(500));
			cleared.clear();
			assertThat(caches.manager().dropCache("dropped")).isTrue();
			awaitRows(500);
			assertThat(alive.getAll(numbers(500).keySet())).hasSize(500);
		}
	}

	@Test
	void clearOfManyEntriesIsOneUpdateAndTheSweeperReclaims() {
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			PostgresCache books = caches.cache("books");
			books.put("key", "value");
			fill(20_000, "now() + interval '1 day'");
			books.clear();
			assertThat(books.get("key")).isNull();
			assertThat(rows()).isEqualTo(20_001);
		}
		try (TestCaches caches = sweeping()) {
			assertThat(caches.cache("books").get("key")).isNull();
			awaitRows(0);
		}
	}

	@Test
	void whoDoesNotHaveTheLeaseWaitsUntilItRunsOutAndGoesOnFromThere() {
		fillCache(2_000);
		this.database.execute("create table deleted (number int generated always as identity, place tid)");
		this.database.execute("create function note() returns trigger language plpgsql as "
				+ "$$ begin insert into deleted (place) values (old.ctid); return old; end $$");
		this.database
			.execute("create trigger note before delete on psqache.entry for each row execute function note()");
		this.database.execute("""
				insert into psqache.sweeper (id, holder, taken_at, held_until, next_page)
				values (1, '%s', now(), now() + interval '3 seconds', 30)
				""".formatted(UUID.randomUUID()));
		try (TestCaches caches = sweeping()) {
			caches.cache("books").put("lives", "value");
			Awaitility.await()
				.failFast("Swept before its turn", () -> rows() < 2_001 && isLeaseOfAnother())
				.until(() -> rows() < 2_001);
			assertThat(this.database
				.query("select place >= '(30,0)'::tid from deleted where number = (select min(number) from deleted)"))
				.as("it went on from page 30")
				.isEqualTo("t");
			awaitRows(1);
		}
	}

	private boolean isLeaseOfAnother() {
		return "t".equals(this.database.query("select next_page = 30 and held_until > now() from psqache.sweeper"));
	}

	@Test
	void oneOfManyInstancesSweepsAndTheNextTakesOverWhenItStops() {
		try (TestCaches first = sweeping()) {
			String holder = awaitHolder("");
			try (TestCaches second = sweeping(); TestCaches third = sweeping()) {
				second.cache("books").put("key", "value");
				awaitFigures(second.cache("books"));
				assertThat(third.cache("books").get("key")).isNotNull();
				assertThat(holder()).isEqualTo(holder);
				first.close();
				awaitHolder(holder);
			}
		}
	}

	/**
	 * A pooler may give each statement another session.
	 */
	@Test
	void nothingIsHeldBetweenTwoStatements() {
		try (TestCaches caches = sweeping()) {
			caches.cache("books").put("key", "value");
			awaitWalks(2);
			for (int look = 0; look < 50; look++) {
				assertThat(this.database.query("""
						select count(*)
						from pg_stat_activity a
						where a.datname = current_database() and a.application_name = 'psqache'
						  and (a.state = 'idle in transaction'
						    or exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory'))
						""")).isEqualTo("0");
			}
		}
	}

	@Test
	void rowThatSomeoneWritesIsLeftAloneAndTheSweeperDoesNotWait() throws Exception {
		fillCache(1_000);
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("update psqache.entry set expires_at = 'infinity' where key = '1'");
			try (TestCaches caches = sweeping()) {
				assertThat(caches.manager().getStore()).isNotNull();
				awaitRows(1);
				writer.commit();
				awaitWalks(2);
				assertThat(rows()).isEqualTo(1);
			}
		}
	}

	@Test
	void figuresAreWhatIsThere() {
		try (TestCaches caches = sweeping()) {
			TypedCache<String, String> books = caches.manager().typedCache("books", String.class, String.class);
			PostgresCache cache = caches.cache("books");
			assertThat(cache.getFigures()).isNull();
			books.setAll(IntStream.range(0, 700)
				.boxed()
				.collect(Collectors.toMap((n) -> "key" + n, (n) -> "value ".repeat(n % 50))));
			this.database
				.execute("update psqache.entry set written_at = now() - interval '1 hour' where key = '\"key7\"'");
			Awaitility.await().until(() -> {
				CacheFigures figures = cache.getFigures();
				return figures != null && figures.entries() == 700;
			});
			awaitWalks(1);
			CacheFigures figures = awaitFigures(cache);
			assertThat(figures.entries()).isEqualTo(700);
			assertThat(figures.bytes()).isEqualTo(Long.parseLong(String.valueOf(this.database
				.query("select sum(80 + pg_column_size(key) + pg_column_size(type) + pg_column_size(value)) "
						+ "from psqache.entry"))));
			assertThat(figures.oldest()).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));
			assertThat(figures.age()).isLessThan(Duration.ofSeconds(30));
		}
	}

	@Test
	void shareOfTheDeadIsTold() {
		fillCache(100);
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			TypedCache<String, Integer> books = cache(caches, "books");
			books.setAll(numbers(300));
			assertThat(caches.manager().cleanup()).isEqualTo(100);
			assertThat(awaitFigures(caches.cache("books")).expiredShare()).isEqualTo(0.25);
		}
	}

	@Test
	void cacheThatNobodyUsesIsSeenAndDropped() {
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			cache(caches, "unused").setAll(numbers(10));
		}
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			PostgresCacheManager manager = caches.manager();
			assertThat(manager.cleanup()).isZero();
			StoredCache unused = manager.storedCaches().get(0);
			assertThat(unused.name()).isEqualTo("unused");
			assertThat(unused.figures()).satisfies((figures) -> assertThat(figures.entries()).isEqualTo(10));
			assertThat(manager.dropCache("unused")).isTrue();
			assertThat(manager.dropCache("unused")).isFalse();
			assertThat(manager.storedCaches()).isEmpty();
			assertThat(manager.cleanup()).isEqualTo(10);
			assertThat(rows()).isZero();
		}
	}

	@Test
	void cacheThatIsDroppedWhileItIsUsedIsMadeAnew() {
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			PostgresCache books = caches.cache("books");
			books.put("key", "value");
			assertThat(caches.manager().dropCache("books")).isTrue();
			assertThat(books.get("key")).isNull();
			books.put("key", "new");
			assertThat(books.get("key", String.class)).isEqualTo("new");
		}
	}

	@Test
	void placeIsKeptWhenAnInstanceStopsAndTheLeaseIsGivenBack() {
		fillCache(20_000);
		this.database.execute("update psqache.entry set expires_at = now() + interval '1 day'");
		try (TestCaches caches = sweeping()) {
			assertThat(caches.manager()).isNotNull();
			Awaitility.await().until(() -> place() > 0);
		}
		assertThat(this.database.query("select held_until <= now() from psqache.sweeper")).isEqualTo("t");
	}

	@Test
	@Timeout(30)
	void sweeperStopsWhileItsStatementWaits() {
		TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofSeconds(2), UnaryOperator.identity(),
				(builder) -> builder.sweep(Duration.ofMillis(20), 10));
		awaitHolder("");
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() > 0);
			long start = System.nanoTime();
			caches.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
		}
	}

	@Test
	void sweeperGoesOnAfterTheServerWasAway() {
		try (TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofSeconds(5), UnaryOperator.identity(),
				(builder) -> builder.sweep(Duration.ofMillis(20), 10))) {
			awaitHolder("");
			this.database.relay().cut();
			fillCache(500);
			this.database.relay().restore();
			awaitRows(0);
		}
	}

	/**
	 * A row that cannot be deleted is left out, and what is behind it is reached.
	 */
	@Test
	void pageThatFailsDoesNotKeepTheSweeperFromTheRest() {
		fillCache(200);
		this.database.execute("create function refuse() returns trigger language plpgsql as "
				+ "$$ begin raise exception 'not this one'; end $$");
		this.database.execute("create trigger refuse before delete on psqache.entry for each row "
				+ "when (old.key = '1') execute function refuse()");
		try (TestCaches caches = sweeping()) {
			assertThat(caches.manager()).isNotNull();
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rows() < 20);
			assertThat(rows()).isPositive();
		}
	}

	@Test
	void cacheThatIsDroppedInALongTransactionDoesNotHoldUpTheSweeper() throws Exception {
		try (TestCaches caches = sweeping()) {
			TypedCache<String, Integer> books = cache(caches, "books");
			books.setAll(numbers(10));
			awaitWalks(1);
			try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.execute("delete from psqache.cache");
				awaitWalks(2);
				connection.commit();
			}
			awaitRows(0);
			Awaitility.await().until(() -> "0".equals(this.database.query("select count(*) from psqache.figures")));
		}
	}

	@Test
	void useOfACacheIsSeenWhetherItIsReadOrWritten() {
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			caches.cache("read").put("key", "value");
			caches.cache("unused").put("key", "value");
		}
		this.database.execute("update psqache.cache set used_at = now() - interval '1 day'");
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			caches.cache("read").get("key");
			caches.manager().getStore().housekeeping().start("test", Duration.ofMillis(20), 10);
			Awaitility.await()
				.until(() -> "t".equals(this.database
					.query("select used_at > now() - interval '1 hour' " + "from psqache.cache where name = 'read'")));
			assertThat(caches.manager().storedCaches())
				.filteredOn((cache) -> cache.usedAt().isBefore(Instant.now().minusSeconds(60)))
				.extracting(StoredCache::name)
				.containsExactly("unused");
		}
	}

	/**
	 * Puts, evictions, clears, drops and reads that touch, while two sweep at a time: no
	 * deadlock, nothing fails, and what was put last is there.
	 */
	@Test
	void sweepersAndWritersDoNotHinderEachOther() throws Exception {
		try (TestCaches caches = TestCaches.sweeping(this.database,
				(settings) -> settings.withMaxEntries(300L).withTimeToIdle(Duration.ofMillis(400)))) {
			PostgresCache books = caches.cache("books");
			PostgresCache films = caches.cache("films");
			Concurrently.run(8, (number) -> {
				Random random = new Random(number);
				for (int i = 0; i < 300; i++) {
					int key = random.nextInt(500);
					switch (random.nextInt(20)) {
						case 0 -> films.clear();
						case 1 -> caches.manager().dropCache("films");
						case 2 -> caches.manager().cleanup();
						case 3, 4 -> books.evict(key);
						case 5, 6, 7, 8, 9 -> films.put(key, "value " + i);
						case 10, 11, 12, 13, 14 -> books.put(key, "value " + i);
						default -> books.get(key);
					}
				}
				return null;
			});
			for (CacheOperation operation : CacheOperation.values()) {
				assertThat(books.getStatistics().failures(operation) + films.getStatistics().failures(operation))
					.as(operation.name())
					.isZero();
			}
			assertThat(this.database.query("select deadlocks from pg_stat_database where datname = current_database()"))
				.isEqualTo("0");
			books.put("last", "value");
			assertThat(books.get("last", String.class)).isEqualTo("value");
		}
	}

	private TestCaches sweeping() {
		return TestCaches.sweeping(this.database, UnaryOperator.identity());
	}

	private static TypedCache<String, Integer> cache(TestCaches caches, String name) {
		return caches.manager().typedCache(name, String.class, Integer.class);
	}

	private static Map<String, Integer> numbers(int count) {
		return IntStream.range(0, count).boxed().collect(Collectors.toMap(String::valueOf, (n) -> n));
	}

	/**
	 * Fill the cache {@code books} with expired entries of half a kilobyte.
	 */
	private void fillCache(int entries) {
		try (TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity())) {
			caches.cache("books").put("key", "value");
			caches.cache("books").evict("key");
		}
		fill(entries, "now()");
	}

	private void fill(int entries, String expiresAt) {
		this.database.execute("""
				insert into psqache.entry
				  (cache_id, key, epoch, payload, type, written_at, used_at, expires_at, live_until)
				select id, n::text, epoch, convert_to(repeat(md5(n::text), 15), 'UTF8'), 'x', now(), now(), %1$s, %1$s
				from psqache.cache, generate_series(1, %2$d) as n
				""".formatted(expiresAt, entries));
	}

	private long rows() {
		return Long.parseLong(String.valueOf(this.database.query("select count(*) from psqache.entry")));
	}

	private void awaitRows(long rows) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rows() == rows);
	}

	private long place() {
		return Long
			.parseLong(String.valueOf(this.database.query("select coalesce(max(next_page), -1) from psqache.sweeper")));
	}

	private String holder() {
		return String.valueOf(this.database.query("select holder from psqache.sweeper where held_until > now()"));
	}

	private String awaitHolder(String otherThan) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !List.of("null", otherThan).contains(holder()));
		return holder();
	}

	private static CacheFigures awaitFigures(PostgresCache cache) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> cache.getFigures() != null);
		return Objects.requireNonNull(cache.getFigures());
	}

	/**
	 * Wait for walks that began from now on.
	 */
	private void awaitWalks(int walks) {
		for (int walk = 0; walk <= walks; walk++) {
			String before = String.valueOf(this.database.query("select max(counted_at) from psqache.figures"));
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> !before
					.equals(String.valueOf(this.database.query("select max(counted_at) from psqache.figures"))));
		}
	}

}
