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

package io.psqache.engine;

import org.jspecify.annotations.Nullable;

/**
 * Observes the operations of an engine, so that the engine need not know the library that
 * measures them. Called for every operation, on callers' and workers' threads: it must be
 * thread-safe and quick, and must not throw.
 */
public interface OperationMonitor {

	/**
	 * Observes nothing.
	 */
	OperationMonitor NONE = new OperationMonitor() {
	};

	/**
	 * An operation has its answer, and its caller is about to get it. Not called if the
	 * caller has cancelled the operation.
	 * @param kind what the operation does
	 * @param askedAt when it was asked, by {@link System#nanoTime()}
	 * @param failure why it failed, {@code null} if it did not
	 */
	default void answered(OperationKind kind, long askedAt, @Nullable FailureCause failure) {
	}

	/**
	 * A worker is about to execute operations that share a statement.
	 * @param kind what they do
	 * @param size their number
	 */
	default void batch(OperationKind kind, int size) {
	}

}
