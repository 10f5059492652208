package io.psqache.store;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What a read found: an entry, or none and, if it was asked for, the fence for the put
 * that follows.
 *
 * @param present the value of the entry, {@code null} if there is none or it has expired
 * @param fence what the read could see if there was none; {@code null} if nobody asked
 */
public record ReadAnswer(@Nullable StoredValue present, @Nullable Fence fence) {

	static final ReadAnswer NONE = new ReadAnswer(null, null);

	static ReadAnswer of(StoredValue value) {
		return new ReadAnswer(value, null);
	}

	/**
	 * The entry.
	 * @return its value, or empty if there is none
	 */
	public Optional<StoredValue> value() {
		return Optional.ofNullable(this.present);
	}

}
