package io.psqache.store;

import java.sql.SQLException;
import java.util.List;

import io.psqache.engine.Operation;
import io.psqache.engine.OperationKind;
import io.psqache.engine.RequestQueue;
import io.psqache.engine.Session;
import io.psqache.engine.Work;

/**
 * A change of all entries of a cache.
 */
final class CacheChange extends Operation<Boolean> {

	private final CacheHandle cache;

	private final Work<Boolean> work;

	CacheChange(RequestQueue queue, CacheHandle cache, Work<Boolean> work) {
		super(queue, OperationKind.CLEAR);
		this.cache = cache;
		this.work = work;
	}

	@Override
	protected void changed(boolean isCertain) {
		this.cache.changed(null, isCertain);
	}

	@Override
	protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
		succeed(this.work.on(session));
	}

}
