package io.psqache.store;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What a read found: an entry, or none and, if it was asked for, the fence for the put
 * that follows.
 *
 * @param present the value of the entry, {@code null} if there is none or it has expired
 * @param fence what the read could see if there was none; {@code null} if nobody asked
 * @param age how old the entry is; {@code null} where that does not matter, or it is not
 * written yet
 */
public record ReadAnswer(@Nullable StoredValue present, @Nullable Fence fence, @Nullable EntryAge age) {

	static final ReadAnswer NONE = new ReadAnswer(null, null);

	/**
	 * An answer without an age.
	 * @param present the value of the entry, {@code null} if there is none
	 * @param fence what the read could see if there was none
	 */
	public ReadAnswer(@Nullable StoredValue present, @Nullable Fence fence) {
		this(present, fence, null);
	}

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
