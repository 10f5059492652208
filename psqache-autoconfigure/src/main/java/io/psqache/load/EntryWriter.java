package io.psqache.load;

import java.util.concurrent.CompletableFuture;

import io.psqache.store.Fence;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was loaded into one cache. A write that fails writes nothing, and nobody is
 * told of it here. Thread-safe.
 */
public interface EntryWriter {

	/**
	 * Write what was loaded after a miss, unless the entry was evicted or overwritten
	 * since, or the cache cleared: what is not to be cached takes no one's place.
	 * @param key the stored key
	 * @param value the value, {@code null} if the loader found none
	 * @param fence what the miss could see; {@code null} if that is not known
	 * @return whether nothing that happened since is known to have been in the way
	 */
	boolean loaded(String key, @Nullable Object value, @Nullable Fence fence);

	/**
	 * As {@link #loaded}, without waiting.
	 * @param key the stored key
	 * @param value the value, {@code null} if the loader found none
	 * @param fence what the miss could see; {@code null} if that is not known
	 * @return completes when it is written, refused, or has failed, and never with an
	 * error
	 */
	CompletableFuture<Boolean> loadedAsync(String key, @Nullable Object value, @Nullable Fence fence);

}
