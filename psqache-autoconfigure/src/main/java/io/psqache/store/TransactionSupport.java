package io.psqache.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What transactions of the application need of a store beside its entries: to change them
 * on the transaction's connection, to prepare that on the store's own, and to answer by
 * what they have changed themselves. Thread-safe.
 */
public final class TransactionSupport {

	private final EntrySql sql;

	private final Notify notify;

	private final LanePool lanes;

	private final Bulks unguarded;

	private final StoreMonitor monitor;

	private final Requests requests;

	TransactionSupport(EntrySql sql, Notify notify, LanePool lanes, Bulks unguarded, StoreMonitor monitor,
			Requests requests) {
		this.sql = sql;
		this.notify = notify;
		this.lanes = lanes;
		this.unguarded = unguarded;
		this.monitor = monitor;
		this.requests = requests;
	}

	/**
	 * Work on the connection of an application's transaction.
	 * @param connection the connection, which stays open
	 * @param statements prepares statements on it
	 * @return what can be done there
	 */
	public TransactionLane within(Connection connection, TransactionLane.Statements statements) {
		return new TransactionLane(this.sql, this.notify,
				new Lane(connection, statements, this.lanes.watchdog(), this.monitor));
	}

	/**
	 * Have the caches made, and looked at, that a transaction is about to write to: it
	 * must not make them itself, since they would be gone with its rollback.
	 * @param changes what it is about to change
	 * @throws StoreException if the database did not answer
	 */
	public void prepare(Collection<CacheChanges> changes) {
		for (CacheChanges change : changes) {
			CacheHandle cache = change.cache();
			if (!cache.isKnownToChange()) {
				this.requests.read(OperationKind.PEEK, cache, cache::idToChange).await();
			}
		}
	}

	/**
	 * Remove many entries on behalf of a transaction that has not been committed yet: the
	 * tombstones are its, as if it had left them itself. It is sent whatever the circuit
	 * breaker says: the transaction has just had an answer from the database.
	 * @param cache the cache
	 * @param keys the keys, but for those whose rows that transaction has locked itself:
	 * see {@link TransactionLane#notEvictedYet}
	 * @param transactionId its number, see {@link TransactionLane#transactionId()}
	 * @return for each key whether there was an entry that had not expired
	 */
	public Bulk<Boolean> evictAll(CacheHandle cache, Set<String> keys, String transactionId) {
		return this.unguarded.evictions(cache, keys, transactionId);
	}

	/**
	 * See whether there is any entry.
	 * @param cache the cache
	 * @param but keys of entries that do not count
	 * @return whether there is another one that has not expired
	 */
	public Request<Boolean> isAnyPresent(CacheHandle cache, Set<String> but) {
		return this.requests.read(OperationKind.PEEK, cache, (lane) -> {
			int id = cache.id(lane);
			try (PreparedStatement statement = lane.prepareRead(this.sql.anyPresent)) {
				statement.setInt(1, id);
				statement.setObject(2, but.toArray(String[]::new));
				statement.setInt(3, id);
				try (ResultSet rows = statement.executeQuery()) {
					rows.next();
					return rows.getBoolean("present");
				}
			}
		});
	}

	/**
	 * What is known already, or can be found out at once, as a request.
	 * @param <T> the type of the answer
	 * @param answer finds it out, on the caller's thread; may throw a
	 * {@link StoreException}
	 * @return has its answer, or its failure
	 */
	public <T> Request<T> answered(Supplier<T> answer) {
		return this.requests.done(answer);
	}

	/**
	 * As {@link #answered(Supplier)}, for many keys.
	 * @param <T> the type of each answer
	 * @param cache the cache
	 * @param answers the answers by key
	 * @return has its answer
	 */
	public <T> Bulk<T> answered(CacheHandle cache, Map<String, T> answers) {
		List<Operation<T>> items = new ArrayList<>(answers.size());
		answers.forEach((key, answer) -> items.add(new Answered<>(OperationKind.PEEK, cache, key, answer)));
		return this.requests.bulk(items, List.of());
	}

}
