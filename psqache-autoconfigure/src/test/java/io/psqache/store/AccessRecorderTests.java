package io.psqache.store;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.psqache.engine.FailureCause;
import io.psqache.engine.StoreException;
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
		this.accesses.add(List.of("a", "b"), IDLE);
		this.accesses.add(List.of("b", "c"), IDLE);
		assertThatKeys(next()).containsExactlyInAnyOrder("a", "b", "c");
	}

	@Test
	void keyUnderWayIsNotSentAgain() {
		this.accesses.add(List.of("a"), IDLE);
		Sent first = next();
		this.accesses.add(List.of("a", "b"), IDLE);
		first.answer().complete(true);
		assertThatKeys(next()).containsExactly("b");
	}

	@Test
	void keyIsSentAgainOnceItIsDueAgain() {
		this.accesses.add(List.of("a"), IDLE);
		next().answer().complete(true);
		this.accesses.add(List.of("a"), IDLE);
		assertThatKeys(next()).containsExactly("a");
	}

	@Test
	void failureForgetsTheKeysSoThatTheNextReadAsksAgain() {
		this.accesses.add(List.of("a"), IDLE);
		next().answer().completeExceptionally(new StoreException(FailureCause.TIMEOUT, null));
		this.accesses.add(List.of("a"), IDLE);
		assertThatKeys(next()).containsExactly("a");
	}

	@Test
	void moreThanItsCapacityAreNotRemembered() {
		this.accesses.add(IntStream.range(0, AccessRecorder.CAPACITY + 1).mapToObj(String::valueOf).toList(), IDLE);
		int keys = 0;
		while (keys < AccessRecorder.CAPACITY) {
			Sent portion = next();
			keys += portion.hashes().length;
			portion.answer().complete(true);
		}
		assertThat(keys).isEqualTo(AccessRecorder.CAPACITY);
		Awaitility.await().during(Duration.ofMillis(100)).until(this.sent::isEmpty);
	}

	@Test
	void nothingDueSendsNothing() {
		this.accesses.add(List.of(), IDLE);
		this.accesses.add(List.of("a"), null);
		Sent only = next();
		assertThatKeys(only).containsExactly("a");
		assertThat(only.timeToIdle()).isNull();
		assertThat(this.sent).isEmpty();
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
