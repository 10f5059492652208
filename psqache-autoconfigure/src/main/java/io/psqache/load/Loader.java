package io.psqache.load;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Loads a value for the application.
 */
@FunctionalInterface
public interface Loader {

	/**
	 * Begin to load.
	 * @return the value, {@code null} if there is none. What the application's code threw
	 * is inside one {@link CompletionException}, never thrown
	 */
	CompletableFuture<? extends @Nullable Object> load();

	/**
	 * A loader that blocks: its future is complete.
	 * @param callable the application's code
	 * @return the loader
	 */
	static Loader of(Callable<? extends @Nullable Object> callable) {
		return () -> {
			try {
				return CompletableFuture.completedFuture(callable.call());
			}
			catch (Throwable ex) {
				return CompletableFuture.failedFuture(new CompletionException(ex));
			}
		};
	}

	/**
	 * A loader that does not block.
	 * @param supplier the application's code
	 * @return the loader
	 */
	static Loader async(Supplier<? extends CompletableFuture<? extends @Nullable Object>> supplier) {
		return () -> {
			try {
				return supplier.get().<@Nullable Object>handle((value, failure) -> {
					if (failure != null) {
						throw new CompletionException(innermost(failure));
					}
					return value;
				});
			}
			catch (Throwable ex) {
				return CompletableFuture.failedFuture(new CompletionException(ex));
			}
		};
	}

	/**
	 * Stages of the application may have wrapped it several times.
	 */
	private static Throwable innermost(Throwable failure) {
		Throwable innermost = failure;
		while ((innermost instanceof CompletionException || innermost instanceof ExecutionException)
				&& innermost.getCause() != null) {
			innermost = innermost.getCause();
		}
		return innermost;
	}

}
