package io.psqache.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import io.psqache.engine.CallMode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LoaderTests {

	@Test
	void blockingLoaderRunsOnTheThreadOfItsCaller() {
		assertThat(Loader.of(Thread::currentThread).load().join()).isSameAs(Thread.currentThread());
	}

	@Test
	void exceptionOfABlockingLoaderComesOutAsItWasThrown() {
		assertComesOut(new Exception("checked"));
		assertComesOut(new CompletionException(new IllegalStateException("inside")));
	}

	private static void assertComesOut(Exception thrown) {
		assertThatThrownBy(() -> CallMode.get(Loader.of(() -> {
			throw thrown;
		}).load().thenApply((value) -> value))).isSameAs(thrown);
	}

	@Test
	void failureOfAFutureComesOutWithoutTheStagesAroundIt() {
		IllegalStateException failure = new IllegalStateException("no");
		CompletableFuture<Object> failed = CompletableFuture
			.failedFuture(new CompletionException(new ExecutionException(failure)));
		assertThatThrownBy(() -> CallMode.get(Loader.async(() -> failed).load())).isSameAs(failure);
	}

	@Test
	void asynchronousLoaderThatThrowsFailsItsFuture() {
		IllegalStateException failure = new IllegalStateException("no");
		assertThatThrownBy(() -> CallMode.get(Loader.async(() -> {
			throw failure;
		}).load())).isSameAs(failure);
	}

}
