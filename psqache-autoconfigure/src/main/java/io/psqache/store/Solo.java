package io.psqache.store;

import java.sql.SQLException;
import java.util.List;

/**
 * An operation that shares its statement with no other.
 *
 * @param <T> the type of the answer
 */
class Solo<T> extends Operation<T> {

	private final Work<T> work;

	Solo(OperationKind kind, CacheHandle cache, Work<T> work) {
		super(kind, cache, null);
		this.work = work;
	}

	@Override
	void runAll(Lane lane, List<Operation<T>> all) throws SQLException {
		succeed(this.work.on(lane));
	}

}
