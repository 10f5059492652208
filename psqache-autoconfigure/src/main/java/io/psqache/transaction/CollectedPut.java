package io.psqache.transaction;

import io.psqache.store.NewEntry;

/**
 * A put that waits for the commit.
 *
 * @param entry what to write, and the fence of the miss before it, if any
 * @param listener is told what became of it
 */
public record CollectedPut(NewEntry entry, PutListener listener) {

	boolean isFenced() {
		return this.entry.fence() != null;
	}

	/**
	 * Tell the listener.
	 * @param stored whether it was written; otherwise its fence has refused it
	 */
	void tell(boolean stored) {
		if (stored) {
			this.listener.stored();
		}
		else {
			this.listener.refused();
		}
	}

}
