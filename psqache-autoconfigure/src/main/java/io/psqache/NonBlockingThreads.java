package io.psqache;

import reactor.core.scheduler.Schedulers;

import org.springframework.util.ClassUtils;

/**
 * Knows the threads that must not wait: event loops and Reactor's schedulers, on which
 * Spring's interceptor writes and evicts for methods that return a {@code Mono} or a
 * {@code Flux}.
 */
final class NonBlockingThreads {

	private static final boolean REACTOR_PRESENT = ClassUtils.isPresent("reactor.core.scheduler.Schedulers",
			NonBlockingThreads.class.getClassLoader());

	private NonBlockingThreads() {
	}

	static boolean isCurrent() {
		return REACTOR_PRESENT && Schedulers.isInNonBlockingThread();
	}

}
