package io.psqache.load;

import java.util.concurrent.CompletableFuture;

import io.psqache.codec.CacheKey;
import io.psqache.store.Fence;
import io.psqache.engine.StoreException;

/**
 * Reads the entries of one cache, for who loads what is missing or old. A read that fails
 * is a {@link Lookup} that says so; no future ends with an error but that of a fence.
 * Thread-safe.
 */
public interface EntryReader {

	/**
	 * Read an entry.
	 * @param key its key
	 * @return what was found
	 */
	Lookup read(CacheKey key);

	/**
	 * As {@link #read}, without waiting.
	 * @param key its key
	 * @return what was found
	 */
	CompletableFuture<Lookup> readAsync(CacheKey key);

	/**
	 * Read, for who is going to load what is not there.
	 * @param key its key
	 * @return what was found; with a fence if it is a miss
	 */
	Lookup readOrFence(CacheKey key);

	/**
	 * As {@link #readOrFence}, without waiting. In a transaction there is no fence.
	 * @param key its key
	 * @return what was found
	 */
	CompletableFuture<Lookup> readOrFenceAsync(CacheKey key);

	/**
	 * Read even what has expired, as committed.
	 * @param key its key
	 * @return what was found
	 */
	Lookup readExpired(CacheKey key);

	/**
	 * As {@link #readExpired}, without waiting.
	 * @param key its key
	 * @return what was found
	 */
	CompletableFuture<Lookup> readExpiredAsync(CacheKey key);

	/**
	 * Take a fence for what is going to be loaded whether there is an entry or not.
	 * @return the fence
	 * @throws StoreException if it cannot be had
	 */
	Fence fence();

	/**
	 * As {@link #fence}, without waiting.
	 * @return the fence; fails with a {@link StoreException} if it cannot be had
	 */
	CompletableFuture<Fence> fenceAsync();

	/**
	 * Whether what this thread loads may be seen by nobody else yet, and what others load
	 * not by it.
	 * @return whether it is in a transaction that the cache takes part in
	 */
	boolean inTransaction();

	/**
	 * Count a read that a caller has asked for, as a hit or a miss. What loads read on
	 * their way is none.
	 * @param lookup what the caller gets to know
	 */
	void count(Lookup lookup);

}
