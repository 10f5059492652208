package io.psqache.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Does on the connection of an application's transaction what belongs to that
 * transaction. A failure is a {@link StoreException}, and leaves the transaction aborted:
 * whoever wants to go on needs a savepoint. Not thread-safe.
 */
public final class TransactionLane {

	private static final String TRANSACTION_ID = """
			select pg_current_xact_id()::text
			""";

	private static final String KEEPS_SNAPSHOT = """
			select current_setting('transaction_isolation') = any ('{repeatable read,serializable}')
			""";

	private final EntrySql sql;

	private final Notify notify;

	private final Lane lane;

	/**
	 * The caches that it could not write to, since it cannot see them.
	 */
	private final Set<CacheHandle> missing = new HashSet<>();

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
		return storeExceptions(() -> value(TRANSACTION_ID, String.class));
	}

	/**
	 * Whether it sees only what was committed when it began, and may not overwrite what
	 * was written after that: whether its isolation is {@code REPEATABLE READ} or above.
	 * @return whether it keeps its snapshot
	 */
	public boolean keepsSnapshot() {
		return storeExceptions(() -> value(KEEPS_SNAPSHOT, Boolean.class));
	}

	private <T> T value(String query, Class<T> type) throws SQLException {
		try (PreparedStatement statement = this.lane.prepareRead(query); ResultSet rows = statement.executeQuery()) {
			rows.next();
			return rows.getObject(1, type);
		}
	}

	/**
	 * What is left to be evicted of what the transaction is to evict: it may have evicted
	 * some already, by the trigger of a watched table, say.
	 * @param cache the cache
	 * @param keys the keys of the entries
	 * @return those in whose place it has left no tombstone
	 */
	public Set<String> notEvictedYet(CacheHandle cache, Set<String> keys) {
		return storeExceptions(() -> {
			Set<String> left = new TreeSet<>(keys);
			try (PreparedStatement statement = this.lane.prepareRead(this.sql.evictedWithin)) {
				statement.setObject(cache.bindName(statement, 1), keys.toArray(String[]::new));
				try (ResultSet rows = statement.executeQuery()) {
					while (rows.next()) {
						left.remove(rows.getString("key"));
					}
				}
			}
			return left;
		});
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
		return storeExceptions(() -> writeAll(changes));
	}

	private Map<CacheHandle, Set<String>> writeAll(Collection<CacheChanges> changes) throws SQLException {
		Map<Integer, CacheChanges> byId = new TreeMap<>();
		for (CacheChanges change : changes) { // which were looked at, if it could be
												// done
			byId.put(change.cache().idToChange(this.lane), change);
		}
		for (Map.Entry<Integer, CacheChanges> change : byId.entrySet()) {
			if (change.getValue().cleared()) {
				clear(change.getValue().cache(), change.getKey());
			}
		}
		Map<CacheHandle, Set<String>> written = new LinkedHashMap<>();
		for (Map.Entry<Integer, CacheChanges> change : byId.entrySet()) {
			written.put(change.getValue().cache(), write(change.getKey(), change.getValue()));
		}
		if (!this.missing.isEmpty()) {
			this.missing.forEach(CacheHandle::forget);
			throw notVisible();
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

	private void clear(CacheHandle cache, int id) throws SQLException {
		try (PreparedStatement statement = this.lane.prepareWrite(this.sql.clear)) {
			statement.setInt(1, id);
			noteIfMissing(cache, statement.executeUpdate() != 0);
		}
	}

	/**
	 * Where some keys are evicted and others written, all of their rows are first locked
	 * in the order of their keys, by evicting them: in two passes transactions would wait
	 * for each other crosswise. What its fence refuses and was to be evicted as well is
	 * evicted all the same.
	 */
	private Set<String> write(int id, CacheChanges changes) throws SQLException {
		CacheHandle cache = changes.cache();
		Map<String, Put> plain = new TreeMap<>();
		Map<String, Put> fenced = new TreeMap<>();
		changes.entries()
			.forEach((key, entry) -> ((entry.fence() != null) ? fenced : plain).put(key,
					new Put(this.sql, cache, key, entry)));
		Set<String> evicted = new TreeSet<>(changes.evicted());
		evicted.removeAll(fenced.keySet());
		if (!plain.keySet().containsAll(evicted)) {
			evicted.addAll(plain.keySet());
			evict(cache, id, evicted);
		}
		for (List<Put> portion : Put.portions(List.copyOf(plain.values()))) {
			noteIfMissing(cache, Put.insert(this.lane, this.sql, id, portion) != 0);
		}
		Set<String> written = new TreeSet<>(plain.keySet());
		written.addAll(new FencedPuts(this.sql).writeWithin(this.lane, id, List.copyOf(fenced.values())));
		Set<String> refused = new TreeSet<>(changes.evicted());
		refused.retainAll(fenced.keySet());
		refused.removeAll(written);
		evict(cache, id, refused);
		return written;
	}

	private void evict(CacheHandle cache, int id, Set<String> keys) throws SQLException {
		if (!keys.isEmpty()) {
			noteIfMissing(cache, Evict.evict(this.lane, this.sql, id, keys.toArray(String[]::new), null) != null);
		}
	}

	/**
	 * Where a row is missing, the cache was made after this transaction took its
	 * snapshot, or dropped.
	 */
	private void noteIfMissing(CacheHandle cache, boolean found) {
		if (!found) {
			this.missing.add(cache);
		}
	}

	private static StoreException notVisible() {
		return new StoreException(FailureCause.CONFLICT, null);
	}

	private static <T> T storeExceptions(Call<T> call) {
		try {
			return call.run();
		}
		catch (SQLException ex) {
			throw StoreException.of(ex);
		}
	}

	private interface Call<T> {

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
