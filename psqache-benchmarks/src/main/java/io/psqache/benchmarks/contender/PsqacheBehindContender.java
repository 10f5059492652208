package io.psqache.benchmarks.contender;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheSettings;
import io.psqache.Writes;
import io.psqache.benchmarks.server.ServerProcess;
import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.Product;
import org.jspecify.annotations.Nullable;

/**
 * psqache with puts that nobody waits for. What it has stored is looked at through a
 * second instance on connections of its own, since the first answers with puts that are
 * still queued.
 */
final class PsqacheBehindContender implements Contender {

	private static final String NAME = "behind";

	/**
	 * So many that every lane gets one, whichever way it hashes.
	 */
	private static final List<String> FENCES = IntStream.range(0, 64).mapToObj((fence) -> "fence:" + fence).toList();

	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

	/**
	 * It may have been dropped: a queue may stay full for as long as a put waits.
	 */
	private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

	private static final long GLANCE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

	private static final String BUSY = """
			select exists (
			  select from pg_stat_activity
			  where datname = current_database() and application_name = 'psqache' and state <> 'idle'
			)
			""";

	private final PsqacheContender writer;

	private final PsqacheContender reader;

	private final HikariDataSource watch;

	private final Dataset dataset;

	private int rounds;

	PsqacheBehindContender(Arena arena) {
		this.dataset = arena.dataset();
		this.writer = new PsqacheContender(arena, NAME, PsqacheBehindContender::behind);
		this.reader = new PsqacheContender(arena, NAME, (settings) -> settings);
		HikariConfig one = arena.pool(1);
		one.addDataSourceProperty("ApplicationName", "benchmark");
		this.watch = new HikariDataSource(one);
	}

	private static CacheSettings behind(CacheSettings settings) {
		return settings.withWrites(Writes.BEHIND);
	}

	@Override
	public @Nullable Product get(String key) {
		return this.writer.get(key);
	}

	@Override
	public void put(String key, Product product) {
		this.writer.put(key, product);
	}

	/**
	 * Each queue is taken from its head, and keys decide which queue a put goes to. So
	 * once puts under many keys that were queued after all others are in the database,
	 * every other has at least been sent, and once none of psqache's connections is at
	 * work, every other is stored.
	 */
	@Override
	public void awaitApplied() throws SQLException {
		Product last = this.dataset.product(++this.rounds % this.dataset.products());
		long begun = System.nanoTime();
		putFences(last);
		long put = begun;
		while (!areStored(last) || isBusy()) {
			LockSupport.parkNanos(GLANCE_NANOS);
			long now = System.nanoTime();
			if (now - begun > PATIENCE_NANOS) {
				throw new IllegalStateException("The last put is still not stored");
			}
			if (now - put > AGAIN_NANOS) {
				putFences(last);
				put = now;
			}
		}
	}

	private void putFences(Product product) {
		FENCES.forEach((fence) -> this.writer.put(fence, product));
	}

	private boolean areStored(Product product) {
		return FENCES.stream().allMatch((fence) -> product.equals(this.reader.get(fence)));
	}

	private boolean isBusy() throws SQLException {
		try (Connection connection = this.watch.getConnection();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(BUSY)) {
			return rows.next() && rows.getBoolean(1);
		}
	}

	@Override
	public @Nullable Product stored(String key) {
		return this.reader.get(key);
	}

	@Override
	public long silentFailures() {
		return this.writer.silentFailures() + this.reader.silentFailures();
	}

	@Override
	public ServerProcess server() {
		return this.writer.server();
	}

	@Override
	public void close() {
		this.writer.close();
		this.reader.close();
		this.watch.close();
	}

}
