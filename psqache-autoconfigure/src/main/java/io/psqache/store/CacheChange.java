package io.psqache.store;

import io.psqache.engine.OperationKind;
import io.psqache.engine.RequestQueue;
import io.psqache.engine.SingleOperation;
import io.psqache.engine.Work;

/**
 * A change of all entries of a cache.
 */
final class CacheChange extends SingleOperation<Boolean> {

	private final CacheHandle cache;

	CacheChange(RequestQueue queue, CacheHandle cache, Work<Boolean> work) {
		super(queue, OperationKind.CLEAR, work);
		this.cache = cache;
	}

	@Override
	protected void changed(boolean isCertain) {
		this.cache.changed(null, isCertain);
	}

}
