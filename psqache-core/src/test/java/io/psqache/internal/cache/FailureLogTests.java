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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.psqache.CacheOperation;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class FailureLogTests {

	private final AtomicLong time = new AtomicLong(42);

	private final FailureLog log = new FailureLog(this.time::get);

	@Test
	void oneKindOfFailureIsLoggedOncePerMinute(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			fail(CacheOperation.GET, FailureCause.TIMEOUT);
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("GET in cache 'books' failed"))).hasSize(1);
		this.time.addAndGet(TimeUnit.SECONDS.toNanos(60));
		fail(CacheOperation.GET, FailureCause.TIMEOUT);
		assertThat(output.getAll()).contains("(999 more such failures since the last message)");
		assertThat(output.getAll().lines().filter((line) -> line.contains("GET in cache 'books' failed"))).hasSize(2);
	}

	@Test
	void eachKindIsLogged(CapturedOutput output) {
		fail(CacheOperation.GET, FailureCause.TIMEOUT);
		fail(CacheOperation.GET, FailureCause.UNAVAILABLE);
		fail(CacheOperation.PUT, FailureCause.TIMEOUT);
		assertThat(output.getAll())
			.contains("did not answer within psqache.timeout. It counts as a miss. Look for locks")
			.contains("PostgreSQL cannot be reached. It counts as a miss.")
			.contains("did not answer within psqache.timeout. The value is not cached.");
	}

	private void fail(CacheOperation operation, FailureCause cause) {
		this.log.add(operation, "books", new StoreException(cause, null));
	}

}
