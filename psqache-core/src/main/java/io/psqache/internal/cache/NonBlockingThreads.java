/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.cache;

import reactor.core.scheduler.Schedulers;

import org.springframework.util.ClassUtils;

/**
 * Detects threads that must not block: event loops and Reactor's schedulers. Spring's
 * interceptor writes and evicts on these for methods that return a {@code Mono} or a
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
