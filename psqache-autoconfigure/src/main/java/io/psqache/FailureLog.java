package io.psqache;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.psqache.store.FailureCause;
import io.psqache.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of failures that no caller is told of, at most once a minute for each kind: an
 * outage must not fill the log. Never holds a key or a value. Thread-safe.
 */
final class FailureLog {

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private static final int MAX_KINDS = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(PostgresCache.class);

	private final LongSupplier nanoTime;

	private final Map<Kind, Silence> silences = new ConcurrentHashMap<>();

	FailureLog(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	void add(CacheOperation operation, String cacheName, StoreException failure) {
		String message = String.valueOf(failure.getMessage());
		if (this.silences.size() > MAX_KINDS) { // types that rows name have no end
			this.silences.clear();
		}
		Silence silence = this.silences.computeIfAbsent(new Kind(operation, message), (kind) -> new Silence());
		long unsaid = silence.end(this.nanoTime.getAsLong());
		if (unsaid < 0) {
			return;
		}
		logger.warn("{} in cache '{}' failed: {} {} {}{}", operation, cacheName, sentence(message),
				consequence(operation, failure.failureCause()), failure.failureCause().remedy(),
				(unsaid > 0) ? " (" + unsaid + " more such failures since it was last said)" : "");
		logger.debug("The failure", failure);
	}

	private static String sentence(String message) {
		return message.endsWith(".") ? message : message + ".";
	}

	private static String consequence(CacheOperation operation, FailureCause cause) {
		return switch (operation) {
			case GET -> "It counts as a miss.";
			case PUT -> "The value is not cached.";
			case EVICT, CLEAR ->
				cause.isTransient() ? "It is repeated until it succeeds, and counts as done until then."
						: "What the cache holds may be out of date until it expires.";
		};
	}

	private record Kind(CacheOperation operation, String message) {

	}

	/**
	 * The time since a kind of failure was last told of.
	 */
	private static final class Silence {

		private static final long NEVER = Long.MIN_VALUE;

		private final AtomicLong since = new AtomicLong(NEVER);

		private final AtomicLong unsaid = new AtomicLong();

		/**
		 * Break the silence if it has lasted long enough.
		 * @return how many failures it swallowed, or -1 if it lasts
		 */
		long end(long now) {
			long last = this.since.get();
			boolean due = last == NEVER || now - last >= INTERVAL.toNanos();
			if (due && this.since.compareAndSet(last, now)) {
				return this.unsaid.getAndSet(0);
			}
			this.unsaid.incrementAndGet();
			return -1;
		}

	}

}
