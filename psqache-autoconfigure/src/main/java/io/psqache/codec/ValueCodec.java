package io.psqache.codec;

import io.psqache.engine.FailureCause;
import io.psqache.engine.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * The values of one cache to their stored form and back. Thread-safe.
 */
public interface ValueCodec {

	/**
	 * The stored form of a value.
	 * @param value the value, may be {@code null}
	 * @return the stored form
	 * @throws StoreException with {@link FailureCause#UNREADABLE} if it has no stored
	 * form that could be read back; the message says which class and what to do
	 */
	StoredValue encode(@Nullable Object value);

	/**
	 * The value of a stored form.
	 * @param stored the stored form
	 * @return the value, {@code null} for a cached {@code null}
	 * @throws StoreException with {@link FailureCause#UNREADABLE} if it cannot be read,
	 * or must not
	 */
	@Nullable Object decode(StoredValue stored);

}
