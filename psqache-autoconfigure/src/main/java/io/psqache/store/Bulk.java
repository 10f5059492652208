package io.psqache.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Many things of one kind asked of the store and not yet sent. It is cut into portions,
 * each of them one statement with a time limit of its own, and however many there are it
 * takes a few places in the queue:
 * <ol>
 * <li>As many portions are sent as hold {@value #MAX_KEYS} keys together, and
 * {@value #MAX_BYTES} bytes.</li>
 * <li>Each one that is done makes room for the next.</li>
 * <li>A key that fails for its own sake fails alone. When a portion fails for any other
 * reason the rest is not sent: whoever waits would wait for one time limit after the
 * other.</li>
 * </ol>
 * It never fails as a whole: the {@link BulkAnswer} tells what was done. A bulk is sent
 * once: call one of its methods, one time.
 *
 * @param <T> the type of each answer
 */
public final class Bulk<T> {

	/**
	 * Keys in a statement, and keys on their way at a time.
	 */
	static final int MAX_KEYS = 1_000;

	/**
	 * Bytes on their way at a time, unless a single portion has more.
	 */
	static final long MAX_BYTES = 4 * Batch.MAX_BYTES;

	private final List<? extends Operation<T>> items;

	private final List<Portion> portions;

	private final Executor callbacks;

	/**
	 * Completes on a lane when nothing is under way any more.
	 */
	private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

	private final AtomicReference<@Nullable StoreException> failure = new AtomicReference<>();

	private volatile boolean stopped;

	/**
	 * Calls of {@link #advance()} that are not done with. Only the first one works.
	 */
	private final AtomicInteger turns = new AtomicInteger();

	private int next;

	private final AtomicInteger keysUnderWay = new AtomicInteger();

	private final AtomicLong bytesUnderWay = new AtomicLong();

	/**
	 * Create a bulk.
	 * @param items all of it, each key once; some may have their answer already
	 * @param portions those that have not
	 * @param callbacks where what hangs on the answer may run
	 */
	Bulk(List<? extends Operation<T>> items, List<Portion> portions, Executor callbacks) {
		this.items = items;
		this.portions = portions;
		this.callbacks = callbacks;
	}

	/**
	 * Send it and wait. Where it is one portion and a lane is free this thread drives it.
	 * @return what became of it; an interrupt of this thread (whose flag is set again) is
	 * a failure
	 */
	public BulkAnswer<T> await() {
		if (this.portions.size() == 1) {
			awaitOnly(this.portions.get(0));
			return answer();
		}
		advance();
		try {
			this.end.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			stop(new StoreException(FailureCause.INTERRUPTED, null));
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A bulk never fails", ex);
		}
		return answer();
	}

	private void awaitOnly(Portion portion) {
		try {
			portion.request().await();
			look(portion);
		}
		catch (StoreException ex) {
			stop(ex);
		}
	}

	/**
	 * Send it and return at once.
	 * @return a future of what became of it, that never fails. It completes where one of
	 * a {@link Request} does; to cancel it stops nothing
	 */
	public CompletableFuture<BulkAnswer<T>> async() {
		advance();
		return this.end.thenApplyAsync((nothing) -> answer(), this.callbacks);
	}

	/**
	 * Send it.
	 * @param mode whether to wait
	 * @return what became of it, complete in {@link CallMode#BLOCKING} mode; never fails
	 */
	public CompletableFuture<BulkAnswer<T>> in(CallMode mode) {
		return (mode == CallMode.ASYNC) ? async() : CompletableFuture.completedFuture(await());
	}

	private void advance() {
		if (this.turns.getAndIncrement() > 0) {
			return; // whoever is at it goes round again
		}
		do {
			while (mayGoOn()) {
				send(this.portions.get(this.next++));
			}
			if (this.keysUnderWay.get() == 0 && (this.stopped || this.next == this.portions.size())) {
				this.end.complete(null);
			}
		}
		while (this.turns.decrementAndGet() > 0);
	}

	private boolean mayGoOn() {
		if (this.stopped || this.next == this.portions.size()) {
			return false;
		}
		Portion portion = this.portions.get(this.next);
		int keys = this.keysUnderWay.get();
		return keys == 0
				|| (keys + portion.keys() <= MAX_KEYS && this.bytesUnderWay.get() + portion.bytes() <= MAX_BYTES);
	}

	private void send(Portion portion) {
		this.keysUnderWay.addAndGet(portion.keys());
		this.bytesUnderWay.addAndGet(portion.bytes());
		sent(portion).whenComplete((done, failed) -> {
			if (failed != null) {
				stop(exception(failed));
			}
			else {
				look(portion);
			}
			this.bytesUnderWay.addAndGet(-portion.bytes());
			this.keysUnderWay.addAndGet(-portion.keys());
			advance();
		});
	}

	/**
	 * Where no thread can be had for a lane, whoever waits must be told.
	 */
	private static CompletableFuture<Boolean> sent(Portion portion) {
		try {
			return portion.request().send();
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Look whether each item of a portion that was done has succeeded.
	 */
	private void look(Portion portion) {
		for (Operation<?> item : portion.items()) {
			if (item.answer().isCompletedExceptionally()) {
				StoreException failed = exception(item.answer());
				if (failed.failureCause().isOfAnItem()) {
					this.failure.compareAndSet(null, failed);
				}
				else {
					stop(failed);
				}
			}
		}
	}

	private void stop(StoreException reason) {
		this.failure.compareAndSet(null, reason);
		this.stopped = true;
	}

	private BulkAnswer<T> answer() {
		Map<String, T> answers = new LinkedHashMap<>(2 * this.items.size());
		for (Operation<T> item : this.items) {
			CompletableFuture<T> answer = item.answer();
			if (answer.isDone() && !answer.isCompletedExceptionally()) {
				answers.put(Objects.requireNonNull(item.key()), answer.join());
			}
		}
		return new BulkAnswer<>(answers, (answers.size() < this.items.size()) ? this.failure.get() : null);
	}

	private static StoreException exception(CompletableFuture<?> failed) {
		try {
			failed.join();
			throw new IllegalStateException("It has not failed");
		}
		catch (CompletionException ex) {
			return exception(ex);
		}
	}

	private static StoreException exception(Throwable failed) {
		return StoreException
			.of((failed instanceof CompletionException && failed.getCause() != null) ? failed.getCause() : failed);
	}

	/**
	 * What goes in one statement.
	 *
	 * @param request sends it
	 * @param items what it asks
	 * @param bytes what they send
	 */
	record Portion(Request<Boolean> request, List<? extends Operation<?>> items, long bytes) {

		int keys() {
			return this.items.size();
		}

	}

}
