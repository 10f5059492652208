package io.psqache.near;

import io.psqache.engine.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Makes values of stored ones, for one view of a cache. Two views may make different
 * objects of the same entry, so that an object is shared only among those who read by the
 * same decoder.
 */
@FunctionalInterface
public interface Decoder {

	/**
	 * Decode.
	 * @param stored the stored value
	 * @return the value
	 * @throws StoreException if this view cannot read it
	 */
	@Nullable Object decode(StoredValue stored);

}
