package io.psqache.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Does on the connection of an application's transaction what belongs to that
 * transaction. A failure is a {@link StoreException}, and leaves the transaction aborted:
 * whoever wants to go on needs a savepoint. Not thread-safe.
 */
public final class TransactionLane {

	private final EntrySql sql;

	private final Notify notify;

	private final Lane lane;

	TransactionLane(EntrySql sql, Notify notify, Lane lane) {
		this.sql = sql;
		this.notify = notify;
		this.lane = lane;
	}

	/**
	 * What the transaction can see: whatever it loads from now on is as new as that. With
	 * an isolation of {@code REPEATABLE READ} and above it is what it could see when it
	 * began.
	 * @param cache the cache
	 * @return the fence for the put that follows
	 */
	public Fence fence(CacheHandle cache) {
		return storeExceptions(() -> {
			Fence fence = cache.fenceIfVisible(this.lane);
			if (fence == null) {
				cache.forget();
				throw notVisible();
			}
			return fence;
		});
	}

	/**
	 * The number of the transaction.
	 * @return an {@code xid8}
	 */
	public String transactionId() {
		return storeExceptions(() -> setting("select pg_current_xact_id()::text", null));
	}

	/**
	 * Write what is to become visible with the commit: for all caches in the same order,
	 * and within a cache by key, so that two transactions rarely wait for each other
	 * crosswise. Who keeps copies is told by the commit, too.
	 * @param changes what changes
	 * @return the keys that were written, by cache; the others were refused by their
	 * fences
	 */
	public Map<CacheHandle, Set<String>> write(Collection<CacheChanges> changes) {
		return storeExceptions(() -> {
			try {
				return writeAll(changes);
			}
			catch (StoreException ex) { // which PostgreSQL has not reported, but a row is
										// missing
				changes.forEach((change) -> change.cache().forget());
				throw ex;
			}
		});
	}

	private Map<CacheHandle, Set<String>> writeAll(Collection<CacheChanges> changes) throws SQLException {
		Map<Integer, CacheChanges> byId = new TreeMap<>();
		for (CacheChanges change : changes) { // which were looked at, if it could be
												// done
			byId.put(change.cache().idToChange(this.lane), change);
		}
		for (Map.Entry<Integer, CacheChanges> change : byId.entrySet()) {
			if (change.getValue().cleared()) {
				clear(change.getKey());
			}
		}
		Map<CacheHandle, Set<String>> written = new LinkedHashMap<>();
		for (Map.Entry<Integer, CacheChanges> change : byId.entrySet()) {
			written.put(change.getValue().cache(), write(change.getKey(), change.getValue()));
		}
		announce(changes, written);
		return written;
	}

	private void announce(Collection<CacheChanges> changes, Map<CacheHandle, Set<String>> written) throws SQLException {
		List<String> messages = new ArrayList<>();
		for (CacheChanges change : changes) {
			Set<String> keys = new TreeSet<>(change.evicted());
			keys.addAll(written.getOrDefault(change.cache(), Set.of()));
			if (change.cleared() || !keys.isEmpty()) {
				messages.addAll(change.cache().announcement(change.cleared() ? null : keys));
			}
		}
		this.notify.on(this.lane, messages);
	}

	private void clear(int id) throws SQLException {
		try (PreparedStatement statement = this.lane.prepareWrite(this.sql.clear)) {
			statement.setInt(1, id);
			requireVisible(statement.executeUpdate() != 0);
		}
	}

	/**
	 * Where some keys are evicted and others written, all of their rows are first locked
	 * in the order of their keys, by evicting them: in two passes transactions would wait
	 * for each other crosswise. What its fence refuses and was to be evicted as well is
	 * evicted all the same.
	 */
	private Set<String> write(int id, CacheChanges changes) throws SQLException {
		Map<String, Put> plain = new TreeMap<>();
		Map<String, Put> fenced = new TreeMap<>();
		changes.entries()
			.forEach((key, entry) -> ((entry.fence() != null) ? fenced : plain).put(key,
					new Put(this.sql, changes.cache(), key, entry)));
		Set<String> evicted = new TreeSet<>(changes.evicted());
		evicted.removeAll(fenced.keySet());
		if (!plain.keySet().containsAll(evicted)) {
			evicted.addAll(plain.keySet());
			evict(id, evicted);
		}
		for (List<Put> portion : Put.portions(List.copyOf(plain.values()))) {
			requireVisible(Put.insert(this.lane, this.sql, id, portion) != 0);
		}
		Set<String> written = new TreeSet<>(plain.keySet());
		written.addAll(writeFenced(id, List.copyOf(fenced.values())));
		Set<String> refused = new TreeSet<>(changes.evicted());
		refused.retainAll(fenced.keySet());
		refused.removeAll(written);
		evict(id, refused);
		return written;
	}

	/**
	 * They set a limit to how long they wait for a lock, which would stay until the
	 * transaction ends.
	 */
	private Set<String> writeFenced(int id, List<Put> fenced) throws SQLException {
		if (fenced.isEmpty()) {
			return Set.of();
		}
		String limit = setting("select current_setting('lock_timeout')", null);
		Set<String> written = new TreeSet<>();
		for (List<Put> portion : Put.portions(fenced)) {
			written.addAll(new FencedPuts(this.sql).write(this.lane, id, portion));
		}
		setting("select set_config('lock_timeout', ?, true)", limit);
		return written;
	}

	private String setting(String statement, @Nullable String value) throws SQLException {
		try (PreparedStatement prepared = this.lane.prepareRead(statement)) {
			if (value != null) {
				prepared.setString(1, value);
			}
			try (ResultSet rows = prepared.executeQuery()) {
				rows.next();
				return rows.getString(1);
			}
		}
	}

	private void evict(int id, Set<String> keys) throws SQLException {
		if (!keys.isEmpty()) {
			requireVisible(Evict.evict(this.lane, this.sql, id, keys.toArray(String[]::new), null) != null);
		}
	}

	/**
	 * The cache was made after this transaction took its snapshot, or dropped.
	 */
	private static void requireVisible(boolean visible) {
		if (!visible) {
			throw notVisible();
		}
	}

	private static StoreException notVisible() {
		return new StoreException(FailureCause.CONFLICT, null);
	}

	private static <T> T storeExceptions(Work<T> work) {
		try {
			return work.run();
		}
		catch (SQLException ex) {
			throw StoreException.of(ex);
		}
	}

	private interface Work<T> {

		T run() throws SQLException;

	}

	/**
	 * Prepares a statement as the transaction wants it, with what is left of its time,
	 * say.
	 */
	@FunctionalInterface
	public interface Statements {

		PreparedStatement prepare(Connection connection, String sql) throws SQLException;

	}

}
