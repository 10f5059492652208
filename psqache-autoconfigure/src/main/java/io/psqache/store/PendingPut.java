package io.psqache.store;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A put that nobody waits for, from the moment it is queued until the database has
 * answered. Until a lane takes it, it can be replaced, which keeps its place in the
 * queue, and withdrawn; from then on neither. One reference decides which came first.
 */
final class PendingPut extends Put {

	private final WriteBehind writeBehind;

	/**
	 * {@code null} once it is over: stored, failed or withdrawn.
	 */
	private final AtomicReference<@Nullable Content> content;

	PendingPut(EntrySql sql, CacheHandle cache, String key, Content content, WriteBehind writeBehind) {
		super(sql, cache, key);
		this.content = new AtomicReference<>(content);
		this.writeBehind = writeBehind;
	}

	/**
	 * What is about to be stored.
	 * @return {@code null} if it is over: ask the database
	 */
	@Nullable NewEntry pendingRow() {
		Content present = this.content.get();
		return (present != null) ? present.row() : null;
	}

	/**
	 * Put a later one in its place. One that follows a miss came too late instead: what
	 * is pending is as if it had been written.
	 * @return whether the later one need not be queued
	 */
	boolean replace(Content later) {
		Content present = this.content.get();
		if (later.row().fence() != null && present != null && !present.sent()) {
			this.writeBehind.refused(later);
			return true;
		}
		Content replaced = exchange(later);
		if (replaced != null) {
			this.writeBehind.release(replaced);
		}
		return replaced != null;
	}

	boolean withdraw() {
		Content withdrawn = exchange(null);
		if (withdrawn != null) {
			this.writeBehind.release(withdrawn);
		}
		return withdrawn != null;
	}

	@Override
	boolean begin() {
		PendingPuts pending = cache().pendingPuts();
		pending.beginning(this); // before: who cannot withdraw it must find it there
		Content present = this.content.get();
		while (present != null) {
			if (this.content.compareAndSet(present, present.asSent())) {
				return true;
			}
			present = this.content.get();
		}
		answer().cancel(false); // a clear may have found it there
		pending.forget(this);
		this.writeBehind.releasePlace();
		return false;
	}

	@Override
	NewEntry row() {
		Content present = this.content.get();
		if (present == null) {
			throw new IllegalStateException("The put is over");
		}
		return present.row();
	}

	@Override
	void succeed(Boolean written) {
		Content settled = settle();
		if (settled != null) {
			this.writeBehind.answered(settled, written);
		}
		super.succeed(written);
	}

	@Override
	void fail(Throwable failure) {
		Content lost = this.content.get();
		if (lost != null) {
			lost.listener().lost(Objects.requireNonNull(key()));
		}
		Content failed = settle();
		if (failed != null) {
			this.writeBehind.failed(failed, StoreException.of(failure));
		}
		super.fail(failure);
	}

	private @Nullable Content settle() {
		Content last = this.content.getAndSet(null);
		cache().pendingPuts().forget(this);
		return last;
	}

	/**
	 * Exchange the content unless a lane has taken it.
	 * @return what it was, {@code null} if it is too late
	 */
	private @Nullable Content exchange(@Nullable Content other) {
		Content present = this.content.get();
		while (present != null && !present.sent()) {
			if (this.content.compareAndSet(present, other)) {
				return present;
			}
			present = this.content.get();
		}
		return null;
	}

	/**
	 * What is to be written.
	 *
	 * @param row the row
	 * @param bytes what it takes of the bound
	 * @param listener who is told what became of it
	 * @param sent whether a lane has taken it
	 */
	record Content(NewEntry row, int bytes, PutListener listener, boolean sent) {

		private Content asSent() {
			return new Content(this.row, this.bytes, this.listener, true);
		}

	}

}
