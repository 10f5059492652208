package io.psqache.transaction;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The changes of a transaction, those that are not written yet, and the savepoints in
 * between. Not thread-safe: a transaction has one thread.
 */
final class CollectedChanges {

	private final Deque<Saved> saved = new ArrayDeque<>();

	private final PendingChanges all = new PendingChanges();

	private PendingChanges unwritten = new PendingChanges();

	/**
	 * All changes, for those who read.
	 */
	PendingChanges all() {
		return this.all;
	}

	/**
	 * Those that are not written yet.
	 */
	PendingChanges unwritten() {
		return this.unwritten;
	}

	void add(Consumer<PendingChanges> change) {
		change.accept(this.all);
		change.accept(this.unwritten);
	}

	void written() {
		this.unwritten = new PendingChanges();
	}

	void savepoint(Object savepoint) {
		this.saved.push(new Saved(savepoint, this.all.position(), this.unwritten.position()));
	}

	/**
	 * A savepoint that is not known was there before the first change.
	 */
	void rollBackTo(Object savepoint) {
		Saved found = null;
		while (!this.saved.isEmpty() && found == null) {
			Saved last = this.saved.pop();
			found = last.savepoint().equals(savepoint) ? last : null;
		}
		this.all.rollBackTo((found != null) ? found.all() : 0);
		this.unwritten.rollBackTo((found != null) ? found.unwritten() : 0);
		if (found != null) { // it may be rolled back to again
			this.saved.push(found);
		}
	}

	/**
	 * What there was at a savepoint.
	 */
	private record Saved(Object savepoint, int all, int unwritten) {

	}

}
