package io.psqache.store;

import org.jspecify.annotations.Nullable;

/**
 * What a put writes.
 *
 * @param value the value
 * @param lifetime how long it lives from when it is written
 * @param fence what the read before it could see, if it follows a miss: it is refused
 * when the entry was evicted or overwritten since, or the cache cleared. {@code null} if
 * it is to be written whatever was there
 */
public record NewEntry(StoredValue value, Lifetime lifetime, @Nullable Fence fence) {

	/**
	 * An entry that is written whatever was there.
	 * @param value the value
	 * @param lifetime how long it lives from when it is written
	 */
	public NewEntry(StoredValue value, Lifetime lifetime) {
		this(value, lifetime, null);
	}

}
