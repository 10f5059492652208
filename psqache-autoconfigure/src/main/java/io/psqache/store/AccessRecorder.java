package io.psqache.store;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Entries of one cache that were read and are to be touched. They gather for a moment and
 * while others are under way, each once, and go together. More than {@value #CAPACITY}
 * are not remembered: the next read of such an entry asks again. Thread-safe.
 */
final class AccessRecorder {

	static final int CAPACITY = 10_000;

	private static final Duration MOMENT = Duration.ofMillis(20);

	private final Set<Long> due = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean gathering = new AtomicBoolean();

	private final CacheHandle cache;

	private final Sender sender;

	AccessRecorder(CacheHandle cache, Sender sender) {
		this.cache = cache;
		this.sender = sender;
	}

	/**
	 * Remember entries.
	 * @param keys their keys
	 * @param timeToIdle the age limit from now, if there is one
	 */
	void add(Collection<String> keys, @Nullable Duration timeToIdle) {
		for (String key : keys) {
			if (this.due.size() < CAPACITY) {
				this.due.add(KeyHash.of(key));
			}
		}
		sendLater(timeToIdle);
	}

	private void sendLater(@Nullable Duration timeToIdle) {
		if (!this.due.isEmpty() && this.gathering.compareAndSet(false, true)) {
			CompletableFuture.delayedExecutor(MOMENT.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
				.execute(() -> send(timeToIdle));
		}
	}

	/**
	 * What is under way stays, so that it is not sent twice.
	 */
	private void send(@Nullable Duration timeToIdle) {
		long[] hashes = this.due.stream().limit(Bulk.MAX_KEYS).mapToLong(Long::longValue).sorted().toArray();
		this.sender.send(this.cache, hashes, timeToIdle).whenComplete((done, failure) -> {
			for (long hash : hashes) {
				this.due.remove(hash); // where it failed, the next read asks again
			}
			this.gathering.set(false);
			sendLater(timeToIdle);
		});
	}

	/**
	 * Sends touches.
	 */
	@FunctionalInterface
	interface Sender {

		/**
		 * Send, and do not wait.
		 * @param cache the cache
		 * @param hashes the hashes of the keys, sorted
		 * @param timeToIdle the age limit from now, if there is one
		 * @return completes when it is done or has failed
		 */
		CompletableFuture<Boolean> send(CacheHandle cache, long[] hashes, @Nullable Duration timeToIdle);

	}

}
