package io.psqache.store;

import java.util.List;

/**
 * Operations of one kind on one cache that take one place in the queue and go together in
 * one statement, with no others. It succeeds when each of them has an answer of its own,
 * be it a failure.
 */
final class Bundle extends Operation<Boolean> {

	private final List<Operation<?>> items;

	/**
	 * Create a bundle.
	 * @param items one at least; each key once
	 */
	Bundle(OperationKind kind, CacheHandle cache, List<? extends Operation<?>> items) {
		super(kind, cache, null);
		this.items = List.copyOf(items);
	}

	/**
	 * Its items are told themselves.
	 */
	@Override
	void tell(StoreMonitor monitor, int size) {
	}

	@Override
	void changed(boolean isCertain) {
		if (!isCertain) { // else each has told itself
			this.items.forEach((item) -> item.changed(false));
		}
	}

	@Override
	void runAll(Lane lane, List<Operation<Boolean>> all) {
		Batch.run(lane, this.items);
		succeed(true);
	}

}
