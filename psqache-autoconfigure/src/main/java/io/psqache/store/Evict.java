package io.psqache.store;

import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.psqache.engine.Operation;
import io.psqache.engine.OperationKind;
import io.psqache.engine.RequestQueue;
import io.psqache.engine.Session;

/**
 * Removes an entry and tells whether there was one. Of two evictions of one key in a
 * statement the first tells the truth, and the second finds nothing.
 */
class Evict extends EntryOperation<Boolean> {

	private final EntryEvictions evictions;

	private final @Nullable String transactionId;

	/**
	 * Create an eviction.
	 * @param transactionId the transaction on whose behalf; {@code null} for none
	 */
	Evict(RequestQueue queue, EntryEvictions evictions, CacheHandle cache, String key, @Nullable String transactionId) {
		super(queue, OperationKind.EVICT, cache, key);
		this.evictions = evictions;
		this.transactionId = transactionId;
	}

	@Override
	protected boolean sharesStatementWith(Operation<?> other) {
		return super.sharesStatementWith(other) && Objects.equals(((Evict) other).transactionId, this.transactionId);
	}

	@Override
	protected void changed(boolean isCertain) {
		cache().changed(key(), isCertain);
	}

	@Override
	protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
		List<Evict> evicts = typed(all);
		Set<String> keys = new LinkedHashSet<>();
		evicts.forEach((evict) -> keys.add(evict.key()));
		Set<String> present = evict(session, keys);
		evicts.forEach((evict) -> evict.succeed(present.remove(evict.key())));
	}

	/**
	 * Remove the entries.
	 * @return the keys that were present, for the caller to change
	 */
	Set<String> evict(Session session, Set<String> keys) throws SQLException {
		return this.evictions.evict(session, cache(), keys, this.transactionId);
	}

	final EntryEvictions evictions() {
		return this.evictions;
	}

}
