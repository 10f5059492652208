package io.psqache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.load.Loader;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.support.NullValue;

/**
 * Spring's own caches take {@link NullValue} for {@code null}, and so do those of
 * psqache.
 */
final class NullValues {

	private NullValues() {
	}

	static @Nullable Object unwrapped(@Nullable Object value) {
		return (value instanceof NullValue) ? null : value;
	}

	static Loader loader(Callable<? extends @Nullable Object> valueLoader) {
		return Loader.of(() -> unwrapped(valueLoader.call()));
	}

	static Loader asyncLoader(Supplier<? extends CompletableFuture<? extends @Nullable Object>> valueLoader) {
		return Loader.async(() -> valueLoader.get().thenApply(NullValues::unwrapped));
	}

}
