/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.FailureCause;
import io.psqache.OperationKind;
import io.psqache.StoreException;
import io.psqache.internal.engine.Call;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.engine.Operation;
import io.psqache.internal.engine.OperationGroup;
import io.psqache.internal.engine.RequestQueue;
import org.jspecify.annotations.Nullable;

/**
 * Many operations of one kind. They are cut into portions, each of them one statement
 * with a time limit of its own, and take a few places in the queue however many they are:
 * <ol>
 * <li>As many portions are sent as hold {@value #MAX_KEYS} keys together, and
 * {@value #MAX_BYTES} bytes.</li>
 * <li>Each one that is done makes room for the next.</li>
 * <li>A key that fails for its own sake fails alone. When a portion fails for any other
 * reason the rest is not sent: the caller would wait for one time limit after the
 * other.</li>
 * </ol>
 * It never fails as a whole: the {@link BulkAnswer} tells what was done. A bulk is sent
 * once: call {@link #await()} or {@link #in}, one time.
 *
 * @param <T> the type of each answer
 */
public final class Bulk<T> implements Call<BulkAnswer<T>> {

	/**
	 * Keys in a statement, and keys on their way at a time.
	 */
	static final int MAX_KEYS = 1_000;

	/**
	 * Bytes on their way at a time, unless a single portion has more.
	 */
	static final long MAX_BYTES = 4 * EntryWrites.MAX_BYTES;

	private final List<? extends EntryOperation<T>> items;

	private final List<OperationGroup> portions;

	private final Executor callbacks;

	/**
	 * Completes on a worker when nothing is under way any more.
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
	 * @param items all operations, each key once; some may have their answer already
	 * @param portions those that have not
	 * @param callbacks where what depends on the answer may run
	 */
	private Bulk(List<? extends EntryOperation<T>> items, List<OperationGroup> portions, Executor callbacks) {
		this.items = items;
		this.portions = portions;
		this.callbacks = callbacks;
	}

	/**
	 * Create a bulk. Each item joins the open portion of those that it can share a
	 * statement with: where kinds alternate, a portion is full all the same.
	 * @param queue where its portions wait
	 * @param kind what it does
	 * @param items all operations, each key once; those that are done are not sent
	 * @param maxSize operations of a portion
	 * @param callbacks where what depends on the answer may run
	 */
	static <T> Bulk<T> of(RequestQueue queue, OperationKind kind, List<? extends EntryOperation<T>> items, int maxSize,
			Executor callbacks) {
		List<Portion<T>> portions = new ArrayList<>();
		List<Portion<T>> open = new ArrayList<>(); // one of each kind
		for (EntryOperation<T> item : items) {
			if (!item.isDone() && open.stream().noneMatch((portion) -> portion.takes(item, maxSize))) {
				open.removeIf((portion) -> portion.isOfKindOf(item));
				Portion<T> portion = new Portion<>(item);
				open.add(portion);
				portions.add(portion);
			}
		}
		return new Bulk<>(items,
				portions.stream().map((portion) -> new OperationGroup(queue, kind, portion.items)).toList(), callbacks);
	}

	/**
	 * Send it whatever the state of the circuit breaker.
	 */
	Bulk<T> unguarded() {
		this.portions.forEach(Operation::unguarded);
		return this;
	}

	/**
	 * Send it and wait, until its end or an interrupt. If it is one portion and all
	 * workers are idle, this thread executes it.
	 * @return what became of it; an interrupt of this thread (whose flag is set again) is
	 * a failure
	 */
	@Override
	public BulkAnswer<T> await() {
		if (this.portions.size() == 1) {
			awaitOnly(this.portions.get(0));
			return answer();
		}
		advance();
		if (CallMode.BLOCKING.settle(this.end).isCompletedExceptionally()) {
			stop(new StoreException(FailureCause.INTERRUPTED, null));
		}
		return answer();
	}

	private void awaitOnly(OperationGroup portion) {
		try {
			portion.await();
			inspect(portion);
		}
		catch (StoreException ex) {
			stop(ex);
		}
	}

	/**
	 * Send it, and wait or not.
	 * @param mode whether the calling thread waits
	 * @return a future of what became of it, that never fails. It is complete if the
	 * thread has waited. To cancel it stops nothing
	 */
	@Override
	public CompletableFuture<BulkAnswer<T>> in(CallMode mode) {
		if (mode == CallMode.BLOCKING) {
			return CompletableFuture.completedFuture(await());
		}
		advance();
		return this.end.thenApplyAsync((nothing) -> answer(), this.callbacks);
	}

	private void advance() {
		if (this.turns.getAndIncrement() > 0) {
			return; // the first call goes round again
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
		OperationGroup portion = this.portions.get(this.next);
		int keys = this.keysUnderWay.get();
		return keys == 0 || (keys + portion.operations().size() <= MAX_KEYS
				&& this.bytesUnderWay.get() + portion.bytes() <= MAX_BYTES);
	}

	private void send(OperationGroup portion) {
		this.keysUnderWay.addAndGet(portion.operations().size());
		this.bytesUnderWay.addAndGet(portion.bytes());
		sent(portion).whenComplete((done, failed) -> {
			if (failed != null) {
				stop(exception(failed));
			}
			else {
				inspect(portion);
			}
			this.bytesUnderWay.addAndGet(-portion.bytes());
			this.keysUnderWay.addAndGet(-portion.operations().size());
			advance();
		});
	}

	/**
	 * Where no thread can be had for a worker, the caller must be told.
	 */
	private static CompletableFuture<Boolean> sent(OperationGroup portion) {
		try {
			return portion.send();
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * See whether each operation of a portion that was done has succeeded.
	 */
	private void inspect(OperationGroup portion) {
		for (Operation<?> item : portion.operations()) {
			if (item.isCompletedExceptionally()) {
				StoreException failed = item.handle((none, failure) -> exception(failure)).join();
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
		for (EntryOperation<T> item : this.items) {
			if (item.isDone() && !item.isCompletedExceptionally()) {
				answers.put(item.key(), item.join());
			}
		}
		return new BulkAnswer<>(answers, (answers.size() < this.items.size()) ? this.failure.get() : null);
	}

	private static StoreException exception(Throwable failed) {
		return StoreException.of(CallMode.cause(failed));
	}

	/**
	 * A portion in the making.
	 */
	private static final class Portion<T> {

		private final List<EntryOperation<T>> items = new ArrayList<>();

		private long bytes;

		Portion(EntryOperation<T> first) {
			add(first);
		}

		private void add(EntryOperation<T> item) {
			this.items.add(item);
			this.bytes += item.bytes();
		}

		boolean isOfKindOf(EntryOperation<T> item) {
			return this.items.get(0).sharesStatementWith(item);
		}

		/**
		 * Take an item if it is of its kind and fits.
		 */
		boolean takes(EntryOperation<T> item, int maxSize) {
			boolean taken = this.items.size() < maxSize && this.bytes + item.bytes() <= EntryWrites.MAX_BYTES
					&& isOfKindOf(item);
			if (taken) {
				add(item);
			}
			return taken;
		}

	}

}
