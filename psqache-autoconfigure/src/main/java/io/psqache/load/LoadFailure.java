package io.psqache.load;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What a loader threw, as futures hand it on.
 */
final class LoadFailure {

	private LoadFailure() {
	}

	/**
	 * What is inside.
	 */
	static Throwable unwrapped(Throwable failure) {
		Throwable unwrapped = failure;
		while ((unwrapped instanceof CompletionException || unwrapped instanceof ExecutionException)
				&& unwrapped.getCause() != null) {
			unwrapped = unwrapped.getCause();
		}
		return unwrapped;
	}

}
