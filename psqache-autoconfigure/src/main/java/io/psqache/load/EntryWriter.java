package io.psqache.load;

import java.util.concurrent.CompletableFuture;

import io.psqache.engine.CallMode;
import io.psqache.store.Fence;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was loaded into one cache. A write that fails writes nothing, and the load
 * goes on as if it had succeeded. Thread-safe.
 */
public interface EntryWriter {

	/**
	 * Write what was loaded after a miss, unless the entry was evicted or overwritten
	 * since, or the cache cleared. A value that is not to be cached replaces nothing.
	 * @param key the stored key
	 * @param value the value, {@code null} if the loader found none
	 * @param fence what the miss could see; {@code null} if that is not known
	 * @param mode whether to wait
	 * @return completes when the value is written, refused, or has failed; {@code false}
	 * if a later change is known to have been in the way
	 */
	CompletableFuture<Boolean> loaded(String key, @Nullable Object value, @Nullable Fence fence, CallMode mode);

}
