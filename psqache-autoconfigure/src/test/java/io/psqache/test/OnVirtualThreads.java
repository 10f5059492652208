package io.psqache.test;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs test methods on virtual threads. With {@link CallerThreads#ofCurrent()} the
 * callers that they start are virtual threads too.
 */
public final class OnVirtualThreads implements InvocationInterceptor {

	@Override
	public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
			ExtensionContext context) throws Throwable {
		proceed(invocation);
	}

	@Override
	public void interceptTestTemplateMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
			ExtensionContext context) throws Throwable {
		proceed(invocation);
	}

	private static void proceed(Invocation<Void> invocation) throws Throwable {
		CompletableFuture<Void> outcome = new CompletableFuture<>();
		CallerThreads.VIRTUAL.factory().newThread(() -> {
			try {
				outcome.complete(invocation.proceed());
			}
			catch (Throwable ex) {
				outcome.completeExceptionally(ex);
			}
		}).start();
		try {
			outcome.get();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() != null) ? ex.getCause() : ex;
		}
	}

}
