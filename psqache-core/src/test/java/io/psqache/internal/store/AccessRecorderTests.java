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

package io.psqache.internal.store;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.psqache.FailureCause;
import io.psqache.StoreException;
import org.assertj.core.api.ListAssert;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads that are to be noted gather and go together.
 */
class AccessRecorderTests {

	private static final Duration IDLE = Duration.ofMinutes(1);

	private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();

	private final AccessRecorder accesses = new AccessRecorder(Handles.of("books"), this::send);

	@Test
	void keysThatComeTogetherGoTogetherAndEachOnce() {
		this.accesses.add(hashes("a", "b"), IDLE);
		this.accesses.add(hashes("b", "c"), IDLE);
		assertThatKeys(next()).containsExactlyInAnyOrder("a", "b", "c");
	}

	@Test
	void keyUnderWayIsNotSentAgain() {
		this.accesses.add(hashes("a"), IDLE);
		Sent first = next();
		this.accesses.add(hashes("a", "b"), IDLE);
		first.answer().complete(true);
		assertThatKeys(next()).containsExactly("b");
	}

	@Test
	void keyIsSentAgainOnceItIsDueAgain() {
		this.accesses.add(hashes("a"), IDLE);
		next().answer().complete(true);
		this.accesses.add(hashes("a"), IDLE);
		assertThatKeys(next()).containsExactly("a");
	}

	@Test
	void failureForgetsTheKeysSoThatTheNextReadAsksAgain() {
		this.accesses.add(hashes("a"), IDLE);
		next().answer().completeExceptionally(new StoreException(FailureCause.TIMEOUT, null));
		this.accesses.add(hashes("a"), IDLE);
		assertThatKeys(next()).containsExactly("a");
	}

	@Test
	void moreThanItsCapacityAreNotRemembered() {
		this.accesses.add(range(0, AccessRecorder.CAPACITY + 1), IDLE);
		int keys = 0;
		while (keys < AccessRecorder.CAPACITY) {
			Sent portion = next();
			keys += portion.hashes().length;
			portion.answer().complete(true);
		}
		assertThat(keys).isEqualTo(AccessRecorder.CAPACITY);
		Awaitility.await().during(Duration.ofMillis(100)).until(this.sent::isEmpty);
	}

	/**
	 * Those that are read most are due again before the others have had their turn.
	 */
	@Test
	void keysGoInTheOrderInWhichTheyCame() {
		this.accesses.add(range(0, 2_500), IDLE);
		Sent first = next();
		assertThat(first.hashes()).containsExactly(range(0, 1_000).stream().mapToLong(Long::longValue).toArray());
		first.answer().complete(true);
		this.accesses.add(range(0, 1_000), IDLE);
		Sent second = next();
		assertThat(second.hashes()).containsExactly(range(1_000, 2_000).stream().mapToLong(Long::longValue).toArray());
		second.answer().complete(true);
		assertThat(next().hashes()).contains(2_000, 2_499, 0, 499).hasSize(1_000);
	}

	@Test
	void fullPortionFollowsAtOnce() {
		this.accesses.add(range(0, 2_000), IDLE);
		next().answer().complete(true);
		assertThat(this.sent).hasSize(1);
	}

	@Test
	void portionThatFailsIsFollowedAfterAMoment() {
		this.accesses.add(range(0, 2_000), IDLE);
		next().answer().completeExceptionally(new StoreException(FailureCause.TIMEOUT, null));
		assertThat(next().hashes()).hasSize(1_000);
	}

	@Test
	void nothingDueSendsNothing() {
		this.accesses.add(List.of(), IDLE);
		this.accesses.add(hashes("a"), null);
		Sent only = next();
		assertThatKeys(only).containsExactly("a");
		assertThat(only.timeToIdle()).isNull();
		assertThat(this.sent).isEmpty();
	}

	private static List<Long> hashes(String... keys) {
		return Stream.of(keys).map(KeyHash::of).toList();
	}

	private static List<Long> range(long from, long to) {
		return LongStream.range(from, to).boxed().toList();
	}

	private CompletableFuture<Boolean> send(CacheHandle cache, long[] hashes, @Nullable Duration timeToIdle) {
		Sent made = new Sent(hashes, timeToIdle, new CompletableFuture<>());
		this.sent.add(made);
		return made.answer();
	}

	private Sent next() {
		Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> !this.sent.isEmpty());
		return this.sent.remove();
	}

	/**
	 * Those of the keys that are used here.
	 */
	private static ListAssert<String> assertThatKeys(Sent sent) {
		assertThat(sent.hashes()).isSorted();
		return assertThat(Stream.of("a", "b", "c")
			.filter((key) -> Arrays.stream(sent.hashes()).anyMatch((hash) -> hash == KeyHash.of(key)))
			.toList());
	}

	@SuppressWarnings("ArrayRecordComponent")
	private record Sent(long[] hashes, @Nullable Duration timeToIdle, CompletableFuture<Boolean> answer) {

	}

}
