package io.psqache.codec;

import java.util.function.Supplier;

import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Has a cache made before the type of its values is known: the codec is made at the first
 * value. Thread-safe. Nobody waits for another's, since to make one asks the application
 * for types, which may take its locks: several may be made at once, and one is kept.
 */
final class LazyValueCodec implements ValueCodec {

	private final Supplier<ValueCodec> maker;

	private volatile @Nullable ValueCodec codec;

	LazyValueCodec(Supplier<ValueCodec> maker) {
		this.maker = maker;
	}

	@Override
	public StoredValue encode(@Nullable Object value) {
		return codec().encode(value);
	}

	@Override
	public @Nullable Object decode(StoredValue stored) {
		return codec().decode(stored);
	}

	private ValueCodec codec() {
		ValueCodec made = this.codec;
		if (made == null) {
			made = this.maker.get();
			this.codec = made;
		}
		return made;
	}

}
