package io.psqache;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.psqache.store.CacheHandle;
import io.psqache.store.LoadLeases;
import io.psqache.store.Request;
import io.psqache.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to load a key of one cache, of all instances of the application: that
 * of the one that has the lease. Where the database does not tell, it is everyone's.
 * Thread-safe.
 */
final class LoadTurns {

	/**
	 * What this instance has the lease of already: another load of the same key began
	 * because it must not wait for the first one (it is part of it, or the entry was
	 * evicted meanwhile).
	 */
	private final Set<String> own = ConcurrentHashMap.newKeySet();

	private final CacheHandle cache;

	private final LoadLeases leases;

	private final CacheFailures failures;

	LoadTurns(CacheHandle cache, LoadLeases leases, CacheFailures failures) {
		this.cache = cache;
		this.leases = leases;
		this.failures = failures;
	}

	/**
	 * Take the turn.
	 * @return to be closed when the load has ended; {@code null} while it is someone
	 * else's
	 */
	@Nullable Turn take(String key) {
		if (!this.own.add(key)) {
			return Turn.FREE;
		}
		try {
			return taken(key, this.leases.take(this.cache, key).await());
		}
		catch (StoreException ex) {
			return failed(key, ex);
		}
	}

	/**
	 * As {@link #take}, without waiting.
	 */
	CompletableFuture<@Nullable Turn> takeAsync(String key) {
		if (!this.own.add(key)) {
			return CompletableFuture.completedFuture(Turn.FREE);
		}
		return this.leases.take(this.cache, key)
			.async()
			.handle((taken, failure) -> (failure != null) ? failed(key, failure) : taken(key, taken));
	}

	private @Nullable Turn taken(String key, boolean taken) {
		if (taken) {
			return new LeasedTurn(key);
		}
		this.own.remove(key);
		return null;
	}

	/**
	 * It is not known whether the lease was taken: if it was, nobody is to wait for it.
	 */
	private Turn failed(String key, Throwable failure) {
		this.own.remove(key);
		this.failures.tolerate(CacheOperation.LOAD, failure);
		return () -> this.leases.giveBack(this.cache, key).async();
	}

	/**
	 * A turn to load.
	 */
	@FunctionalInterface
	interface Turn extends AutoCloseable {

		/**
		 * A load that keeps nobody from loading too.
		 */
		Turn FREE = () -> {
		};

		/**
		 * The load has ended, and its value is stored if it is to be.
		 */
		@Override
		void close();

	}

	/**
	 * A turn that is kept for as long as it takes. If the lease cannot be renewed or
	 * given back it lapses, and someone may load beside.
	 */
	private final class LeasedTurn implements Turn {

		private static final Duration RENEWAL = LoadLeases.LIFE.dividedBy(3);

		private final String key;

		private volatile boolean over;

		LeasedTurn(String key) {
			this.key = key;
			renewLater();
		}

		private void renewLater() {
			CompletableFuture.delayedExecutor(RENEWAL.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
				.execute(this::renew);
		}

		private void renew() {
			if (!this.over) {
				send(LoadTurns.this.leases.renew(LoadTurns.this.cache, this.key));
				renewLater();
			}
		}

		@Override
		public void close() {
			this.over = true;
			LoadTurns.this.own.remove(this.key);
			send(LoadTurns.this.leases.giveBack(LoadTurns.this.cache, this.key));
		}

		private void send(Request<Boolean> request) {
			request.async().exceptionally((failure) -> {
				LoadTurns.this.failures.tolerate(CacheOperation.LOAD, failure);
				return false;
			});
		}

	}

}
