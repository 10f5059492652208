package io.psqache.load;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.psqache.store.CacheHandle;
import io.psqache.store.LoadLeases;
import io.psqache.store.Request;
import io.psqache.engine.StoreException;
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

	private final LoadFailures failures;

	private final boolean everywhere;

	/**
	 * Create them.
	 * @param everywhere whether instances take turns; else everyone may load at any time
	 */
	LoadTurns(CacheHandle cache, LoadLeases leases, LoadFailures failures, boolean everywhere) {
		this.cache = cache;
		this.leases = leases;
		this.failures = failures;
		this.everywhere = everywhere;
	}

	/**
	 * Take the turn.
	 * @return to be closed when the load has ended; {@code null} while it is someone
	 * else's
	 */
	@Nullable Turn take(String key) {
		if (!this.everywhere || !this.own.add(key)) {
			return Turn.FREE;
		}
		try {
			return taken(key, this.leases.take(this.cache, key).await());
		}
		catch (StoreException ex) {
			return failed(key, ex);
		}
		catch (RuntimeException | Error ex) {
			this.own.remove(key);
			throw ex;
		}
	}

	/**
	 * As {@link #take}, without waiting.
	 */
	CompletableFuture<@Nullable Turn> takeAsync(String key) {
		if (!this.everywhere || !this.own.add(key)) {
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
		this.failures.leaseFailed(failure);
		return () -> this.leases.giveBack(this.cache, key).async();
	}

	/**
	 * Take the turn of someone who brings no loader: nobody knows whether he will load at
	 * all, so the lease is not renewed.
	 * @return whether it is his, until he {@linkplain #giveBack gives it back} or it
	 * lapses
	 * @throws StoreException if the lease cannot be asked for
	 */
	boolean lease(String key) {
		return !this.everywhere || this.leases.take(this.cache, key).await();
	}

	/**
	 * As {@link #lease}, without waiting.
	 */
	CompletableFuture<Boolean> leaseAsync(String key) {
		return this.everywhere ? this.leases.take(this.cache, key).async() : CompletableFuture.completedFuture(true);
	}

	void giveBack(String key) {
		if (this.everywhere) {
			this.leases.giveBack(this.cache, key).async();
		}
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
				LoadTurns.this.failures.leaseFailed(failure);
				return false;
			});
		}

	}

}
