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

package io.psqache.internal.near;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;

import io.psqache.test.Concurrently;
import io.psqache.NearState;
import io.psqache.OperationKind;
import io.psqache.CacheMonitor;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.test.TestProcess;

/**
 * What runs in a {@link TestProcess} that keeps copies of a cache.
 */
public final class NearProcess implements CacheMonitor {

	private final PostgresCache cache;

	private final CountDownLatch never = new CountDownLatch(1);

	private volatile boolean muted;

	private NearProcess(String[] args) {
		PostgresCacheManager manager = TestProcess.manager(args, this,
				(defaults) -> defaults.withNear(defaults.near().withEnabled(true)));
		this.cache = (PostgresCache) Objects.requireNonNull(manager.getCache("books"));
		Concurrently.awaitThat(() -> manager.getStatus().near().status() == NearState.Status.LISTENING);
	}

	public static void main(String[] args) throws Exception {
		TestProcess.answer(new NearProcess(args)::answer);
	}

	/**
	 * Nothing more is announced: the worker that is about to do so never does.
	 */
	@Override
	public void batch(OperationKind operation, int size) {
		if (operation == OperationKind.ANNOUNCE && this.muted) {
			try {
				this.never.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private String answer(String... words) {
		switch (words[0]) {
			case "evict" -> this.cache.evict(words[1]);
			case "time" -> {
				return String.valueOf(System.currentTimeMillis());
			}
			case "put" -> this.cache.put(words[1], words[2]);
			case "mute" -> this.muted = true;
			case "die" -> Runtime.getRuntime().halt(1);
			case "get" -> {
				return String.valueOf(this.cache.get(words[1], String.class));
			}
			case "hits" -> {
				return String.valueOf(Objects.requireNonNull(this.cache.getStatistics().near()).hits());
			}
			default -> throw new IllegalArgumentException(words[0]);
		}
		return "done";
	}

}
