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

package io.psqache.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * Claims and inspects the workers of a queue. Thread-safe.
 */
final class Workers {

	private final Worker[] workers;

	Workers(Engine engine, RequestQueue queue, String name, int size) {
		this.workers = new Worker[size];
		for (int i = 0; i < size; i++) {
			this.workers[i] = new Worker(engine, queue, "psqache-%s-%d".formatted(name, i + 1));
		}
	}

	boolean areSeveral() {
		return this.workers.length > 1;
	}

	boolean areIdle() {
		for (Worker worker : this.workers) {
			if (worker.claim() != null) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return the number of workers that soon take more operations: the busy workers
	 * without those whose operation may take long.
	 */
	int active() {
		int active = 0;
		for (Worker worker : this.workers) {
			Claim claim = worker.claim();
			if (claim != null && !claim.isLong()) {
				active++;
			}
		}
		return active;
	}

	/**
	 * Claim an idle worker, preferably one that is connected.
	 * @param ownThread {@code true} for the worker's own thread, {@code false} for the
	 * calling thread
	 * @return {@code null} if no worker is idle
	 */
	@Nullable Claim claim(boolean ownThread) {
		for (Worker worker : this.workers) {
			Claim claim = worker.session().isConnected() ? worker.claim(ownThread) : null;
			if (claim != null) {
				return claim;
			}
		}
		for (Worker worker : this.workers) {
			Claim claim = worker.claim(ownThread);
			if (claim != null) {
				return claim;
			}
		}
		return null;
	}

	/**
	 * Return whether an operation must wait for the batch of another claim.
	 */
	boolean mustWait(Claim claim, Operation<?> operation) {
		for (Worker worker : this.workers) {
			Claim other = worker.claim();
			Batch underWay = (other != null && other != claim) ? other.underWay() : null;
			if (underWay != null && underWay.isOrderedWith(operation)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Inspect each worker, as {@link RequestQueue#inspect}.
	 */
	boolean inspect(long now) {
		boolean active = false;
		for (Worker worker : this.workers) {
			active |= worker.inspect(now);
		}
		return active;
	}

	/**
	 * End the idle workers.
	 */
	void close() {
		for (Worker worker : this.workers) {
			worker.close();
			worker.disconnectIfIdle();
		}
	}

}
