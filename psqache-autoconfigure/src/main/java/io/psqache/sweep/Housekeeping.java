package io.psqache.sweep;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.engine.StoreException;
import io.psqache.store.StoredCache;
import io.psqache.store.SweepSupport;
import io.psqache.store.Work;
import org.jspecify.annotations.Nullable;

/**
 * What is done for all caches together: to sweep, in the background or now, and to look
 * which caches there are. Close it before the store. Thread-safe.
 */
public final class Housekeeping implements AutoCloseable {

	/**
	 * Pages of a step, where the caller does not say: they take some 10 ms.
	 */
	private static final int PAGES = 1_000;

	private final SweepSql sql;

	private final SweepSupport store;

	private final String namespace;

	private final FiguresTable figures;

	private final AtomicReference<@Nullable Sweeper> sweeper = new AtomicReference<>();

	/**
	 * Create it.
	 * @param store the store whose entries it sweeps
	 * @param namespace the application whose caches this instance knows
	 */
	public Housekeeping(SweepSupport store, String namespace) {
		this.store = store;
		this.namespace = namespace;
		this.sql = new SweepSql(store.schema());
		this.figures = new FiguresTable(this.sql, store.figures());
	}

	/**
	 * Sweep in the background from now on, until this is closed: one instance at a time
	 * of all that share the schema.
	 * @param interval how long to rest between steps while there is little to do
	 * @param pages how many pages of the table a step goes through
	 * @throws IllegalStateException if it does already
	 */
	public void start(Duration interval, int pages) {
		Sweeper made = new Sweeper(this.store, this.sql, this.figures, this.namespace, interval,
				new StepSize(pages, this.store.hasSpareReader()));
		if (!this.sweeper.compareAndSet(null, made)) {
			throw new IllegalStateException("It sweeps already");
		}
		made.start();
	}

	/**
	 * Delete what can be read no more, now, and what is too much by the bounds, of all
	 * caches of all applications, and count the rest. It walks over the whole table,
	 * portion by portion, each within the time limit, and holds up nobody who reads or
	 * writes entries that live; and over it again if some cache turns out to have too
	 * many entries. Afterwards the figures of this application are up to date.
	 * @return how many entries were deleted
	 * @throws StoreException if a portion failed; those before it are done
	 */
	public long sweepNow() {
		StepSize size = new StepSize(PAGES, this.store.hasSpareReader());
		Sweep first = new Sweep(this.sql, this::request, 0, size, Evictions.NONE, this.store.horizon());
		long deleted = first.toTheEnd();
		first.record(this.figures);
		Evictions excess = first.excess(null);
		if (!excess.isEmpty()) {
			Sweep second = new Sweep(this.sql, this::request, 0, size, excess, this.store.horizon());
			deleted += second.toTheEnd();
			second.record(this.figures);
		}
		caches();
		return deleted;
	}

	/**
	 * Look which caches the application has in the database, in use or not.
	 * @return the caches by name
	 * @throws StoreException if it failed
	 */
	public List<StoredCache> caches() {
		return request((lane) -> this.figures.read(lane, this.namespace));
	}

	/**
	 * Drop a cache that nobody uses any more: its entries can be read no more, and are
	 * deleted with the next sweep. Whoever uses it all the same makes it anew.
	 * @param name the name of the cache
	 * @return the id of the cache, or empty if there was none
	 * @throws StoreException if it failed
	 */
	public Optional<Integer> drop(String name) {
		return request((lane) -> {
			try (PreparedStatement statement = lane.prepareWrite(this.sql.dropCache)) {
				statement.setString(1, this.namespace);
				statement.setString(2, name);
				try (ResultSet rows = statement.executeQuery()) {
					return rows.next() ? Optional.of(rows.getInt("id")) : Optional.empty();
				}
			}
		});
	}

	private <T> T request(Work<T> work) {
		return this.store.request(work).await();
	}

	@Override
	public void close() {
		Sweeper present = this.sweeper.get();
		if (present != null) {
			present.close();
			// Nobody waits for it: the lanes do what is queued when they are closed.
			// If they cannot, the lease runs out by itself.
			present.release().ifPresent((work) -> this.store.request(work).async());
		}
	}

}
