package io.psqache.benchmarks.contender;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheSettings;
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

	private static final String FENCE = "fence";

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

	private int fences;

	PsqacheBehindContender(Arena arena) {
		this.dataset = arena.dataset();
		this.writer = new PsqacheContender(arena, NAME, PsqacheBehindContender::behind);
		this.reader = new PsqacheContender(arena, NAME, (settings) -> settings);
		HikariConfig one = arena.pool(1);
		one.addDataSourceProperty("ApplicationName", "benchmark");
		this.watch = new HikariDataSource(one);
	}

	private static CacheSettings behind(CacheSettings settings) {
		return settings; // TODO becomes: settings.withWrites(Writes.BEHIND)
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
	 * The queue is taken from its head. So once a put that was queued after all others is
	 * in the database, every other has at least been sent, and once none of psqache's
	 * connections is at work, every other is stored.
	 */
	@Override
	public void awaitApplied() throws SQLException {
		Product last = this.dataset.product(++this.fences % this.dataset.products());
		long begun = System.nanoTime();
		this.writer.put(FENCE, last);
		long put = begun;
		while (!last.equals(this.reader.get(FENCE)) || isBusy()) {
			LockSupport.parkNanos(GLANCE_NANOS);
			long now = System.nanoTime();
			if (now - begun > PATIENCE_NANOS) {
				throw new IllegalStateException("The last put is still not stored");
			}
			if (now - put > AGAIN_NANOS) {
				this.writer.put(FENCE, last);
				put = now;
			}
		}
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
