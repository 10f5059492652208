package io.psqache.store;

import java.util.List;

/**
 * What need not be asked any more.
 *
 * @param <T> the type of the answer
 */
final class Answered<T> extends Operation<T> {

	Answered(OperationKind kind, CacheHandle cache, String key, T answer) {
		super(kind, cache, key);
		succeed(answer);
	}

	@Override
	void runAll(Lane lane, List<Operation<T>> all) {
		throw new IllegalStateException("It has its answer");
	}

}
