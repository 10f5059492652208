package io.psqache.store;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads that are to be noted gather and go together.
 */
class TouchesTests {

	private static final TouchRule IDLE = new TouchRule(Duration.ofMinutes(1), null);

	private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();

	private final Touches touches = new Touches(this::send, Runnable::run);

	@Test
	void keysThatComeTogetherGoTogetherAndEachOnce() {
		this.touches.add(List.of("a", "b"), IDLE);
		this.touches.add(List.of("b", "c"), IDLE);
		assertThat(next().keys()).containsExactlyInAnyOrder("a", "b", "c");
	}

	@Test
	void keyThatIsUnderWayIsNotSentAgain() {
		this.touches.add(List.of("a"), IDLE);
		Sent first = next();
		this.touches.add(List.of("a", "b"), IDLE);
		first.answer().complete(null);
		assertThat(next().keys()).containsExactly("b");
	}

	@Test
	void keyIsSentAgainOnceItIsDueAgain() {
		this.touches.add(List.of("a"), IDLE);
		next().answer().complete(null);
		this.touches.add(List.of("a"), IDLE);
		assertThat(next().keys()).containsExactly("a");
	}

	@Test
	void failureForgetsTheKeysSoThatTheNextReadAsksAgain() {
		this.touches.add(List.of("a"), IDLE);
		next().answer().completeExceptionally(new StoreException(FailureCause.TIMEOUT, null));
		this.touches.add(List.of("a"), IDLE);
		assertThat(next().keys()).containsExactly("a");
	}

	@Test
	void moreThanItsCapacityAreNotRemembered() {
		List<String> keys = IntStream.range(0, Touches.CAPACITY + 1).mapToObj(String::valueOf).toList();
		this.touches.add(keys, IDLE);
		assertThat(next().keys()).hasSize(Touches.CAPACITY);
	}

	@Test
	void nothingDueSendsNothing() {
		this.touches.add(List.of(), IDLE);
		this.touches.add(List.of("a"), new TouchRule(null, Duration.ofMinutes(1)));
		Sent only = next();
		assertThat(only.keys()).containsExactly("a");
		assertThat(only.timeToIdle()).isNull();
		assertThat(this.sent).isEmpty();
	}

	private CompletableFuture<@Nullable Void> send(List<String> keys, @Nullable Duration timeToIdle) {
		CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
		this.sent.add(new Sent(keys, timeToIdle, answer));
		return answer;
	}

	private Sent next() {
		Awaitility.await().until(() -> !this.sent.isEmpty());
		return this.sent.remove();
	}

	private record Sent(List<String> keys, @Nullable Duration timeToIdle, CompletableFuture<@Nullable Void> answer) {

	}

}
