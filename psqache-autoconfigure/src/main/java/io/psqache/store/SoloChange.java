package io.psqache.store;

import org.jspecify.annotations.Nullable;

/**
 * A change of one entry, or of all, that shares its statement with no other operation.
 *
 * @param <T> the type of the answer
 */
final class SoloChange<T> extends Solo<T> {

	private final @Nullable String changedKey;

	/**
	 * Create a change.
	 * @param changedKey the key of the entry; {@code null} for all entries
	 */
	SoloChange(OperationKind kind, CacheHandle cache, @Nullable String changedKey, Work<T> work) {
		super(kind, cache, work);
		this.changedKey = changedKey;
	}

	@Override
	void changed(boolean isCertain) {
		cache().changed(this.changedKey, isCertain);
	}

}
