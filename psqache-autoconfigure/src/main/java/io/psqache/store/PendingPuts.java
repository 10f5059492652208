package io.psqache.store;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The puts of one cache that have returned and are not in the database yet, so that this
 * instance of the application does not see the difference:
 * <ol>
 * <li>A read takes the last pending put of its key.</li>
 * <li>A put replaces the pending one of its key, or follows it if a lane has taken it.
 * One that follows a miss does not replace it: it is refused.</li>
 * <li>An eviction withdraws the pending put of its key, or follows it on the same lane.
 * Should it fail then, what is left is what the database has, which may be older than
 * what was withdrawn: its caller is told.</li>
 * <li>A bulk write, which somebody waits for, does as an eviction does.</li>
 * <li>A clear withdraws them all, and waits for those that lanes have taken: they may be
 * on other lanes than its own.</li>
 * </ol>
 * Thread-safe.
 */
final class PendingPuts {

	/**
	 * The last one of each key. Whatever can still be withdrawn is here.
	 */
	private final ConcurrentMap<String, PendingPut> last = new ConcurrentHashMap<>();

	/**
	 * Those that lanes have taken, even where a later put or an eviction follows.
	 */
	private final Set<PendingPut> sent = ConcurrentHashMap.newKeySet();

	/**
	 * What a read must see.
	 * @return {@code null} if none is pending
	 */
	@Nullable NewEntry read(String key) {
		PendingPut put = last(key);
		return (put != null) ? put.pendingRow() : null;
	}

	boolean replace(String key, PendingPut.Content content) {
		PendingPut put = last(key);
		return put != null && put.replace(content);
	}

	/**
	 * Queue a put, or replace one that someone else queued meanwhile. Puts of a key queue
	 * in the order in which they are seen here.
	 * @return whether it was queued
	 */
	boolean add(String key, PendingPut put, PendingPut.Content content, Lanes lane) {
		boolean added = put == this.last.compute(key, (any, present) -> {
			if (present != null && present.replace(content)) {
				return present;
			}
			lane.addPending(put);
			return put;
		});
		if (added) {
			lane.hurry();
		}
		return added;
	}

	void beginning(PendingPut put) {
		this.sent.add(put);
	}

	void forget(PendingPut put) {
		this.sent.remove(put);
		this.last.remove(keyOf(put), put);
	}

	private @Nullable PendingPut last(String key) {
		return this.last.isEmpty() ? null : this.last.get(key);
	}

	/**
	 * Withdraw the pending puts of what a transaction changes, and wait for those that
	 * lanes have taken: their time limits end that.
	 */
	void withdraw(CacheChanges changes) {
		if (this.last.isEmpty() && this.sent.isEmpty()) {
			return;
		}
		Predicate<Operation<?>> affected = (put) -> changes.cleared() || changes.evicted().contains(keyOf(put))
				|| changes.entries().containsKey(keyOf(put));
		this.last.forEach((key, put) -> {
			if (affected.test(put)) {
				withdraw(key, put);
			}
		});
		this.sent.stream()
			.filter(affected)
			.map(Operation::answer)
			.forEach((answer) -> answer.exceptionally((failure) -> {
				return false;
			}).join());
	}

	/**
	 * Withdraw the pending put of a key, or do not read it any more.
	 * @return whether there was one
	 */
	private boolean withdraw(String key) {
		PendingPut put = last(key);
		return put != null && withdraw(key, put);
	}

	private static String keyOf(Operation<?> operation) {
		return Objects.requireNonNull(operation.key());
	}

	private boolean withdraw(String key, PendingPut put) {
		boolean present = put.withdraw() || put.pendingRow() != null;
		this.last.remove(key, put); // only now: see above
		return present;
	}

	/**
	 * The way of what takes the place of pending puts: an eviction, or writes that
	 * somebody waits for.
	 */
	Way replacing(List<? extends Operation<?>> items, Lanes lane) {
		return new Way() {

			@Override
			public void runOrSend(Operation<?> operation) {
				items.forEach((item) -> item.withdrawn(withdraw(keyOf(item))));
				lane.runOrSend(operation);
			}

			/**
			 * Nobody waits: what someone queued before this was must not be replaced in
			 * its place by what the caller puts next.
			 */
			@Override
			public void send(Operation<?> operation) {
				items.forEach((item) -> item.withdrawn(withdraw(keyOf(item))));
				lane.send(operation);
				items.forEach((item) -> withdraw(keyOf(item)));
			}

			@Override
			public void hurry() {
				lane.hurry();
			}

		};
	}

	/**
	 * The way of what removes all entries.
	 */
	Clearing clearing(Lanes lane) {
		return new Clearing(lane);
	}

	/**
	 * Withdraws what can be withdrawn, and sends the clear after the rest.
	 */
	final class Clearing implements Way {

		private final Lanes lane;

		private volatile boolean present;

		private Clearing(Lanes lane) {
			this.lane = lane;
		}

		/**
		 * Whether there were pending puts.
		 */
		boolean present() {
			return this.present;
		}

		@Override
		public void runOrSend(Operation<?> operation) {
			CompletableFuture<?>[] before = withdrawAll();
			if (before.length == 0) {
				this.lane.runOrSend(operation);
			}
			else {
				sendAfter(before, operation);
			}
		}

		@Override
		public void send(Operation<?> operation) {
			sendAfter(withdrawAll(), operation);
		}

		@Override
		public void hurry() {
			this.lane.hurry();
		}

		private void sendAfter(CompletableFuture<?>[] before, Operation<?> operation) {
			CompletableFuture.allOf(before).whenComplete((done, failure) -> this.lane.send(operation));
		}

		private CompletableFuture<?>[] withdrawAll() {
			PendingPuts.this.last.forEach((key, put) -> this.present |= withdraw(key, put));
			return PendingPuts.this.sent.stream().map(Operation::answer).toArray(CompletableFuture<?>[]::new);
		}

	}

}
