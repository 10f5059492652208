package io.psqache.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

/**
 * Entries of one cache that were read and are to be touched. They gather for a moment and
 * while others are under way, each key once, and go together; more than
 * {@value #CAPACITY} are not remembered, since the next read of such an entry asks again.
 * Thread-safe.
 */
final class Touches {

	static final int CAPACITY = 10_000;

	private static final Duration MOMENT = Duration.ofMillis(20);

	private final Set<String> due = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean gathering = new AtomicBoolean();

	private final BiFunction<List<String>, @Nullable Duration, CompletableFuture<?>> send;

	private final Executor later;

	/**
	 * Create it.
	 * @param send touches entries by their keys, with the age limit from now if there is
	 * one
	 * @param threads where it is called
	 */
	Touches(BiFunction<List<String>, @Nullable Duration, CompletableFuture<?>> send, Executor threads) {
		this.send = send;
		this.later = CompletableFuture.delayedExecutor(MOMENT.toNanos(), TimeUnit.NANOSECONDS, threads);
	}

	void add(Collection<String> keys, TouchRule rule) {
		for (String key : keys) {
			if (this.due.size() < CAPACITY) {
				this.due.add(key);
			}
		}
		sendLater(rule);
	}

	private void sendLater(TouchRule rule) {
		if (!this.due.isEmpty() && this.gathering.compareAndSet(false, true)) {
			this.later.execute(() -> send(rule));
		}
	}

	/**
	 * A key that is under way stays, so that it is not sent twice.
	 */
	private void send(TouchRule rule) {
		List<String> keys = List.copyOf(this.due);
		try {
			this.send.apply(keys, rule.timeToIdle()).whenComplete((done, failure) -> sent(keys, rule));
		}
		catch (RuntimeException ex) {
			sent(keys, rule); // the next read of each asks again
		}
	}

	private void sent(List<String> keys, TouchRule rule) {
		this.due.removeAll(keys);
		this.gathering.set(false);
		sendLater(rule);
	}

}
