package io.psqache.near;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DoubtsTests {

	private final Doubts doubts = new Doubts(Duration.ofNanos(10));

	@Test
	void cacheCountsAsChangedWhenTheWriteMustBeOver() {
		this.doubts.add(1, 0);
		assertThat(this.doubts.due(9)).isEmpty();
		assertThat(this.doubts.due(10)).containsExactly(1);
		assertThat(this.doubts.due(30)).isEmpty();
	}

	@Test
	void laterFailureIsWaitedForToo() {
		this.doubts.add(1, 0);
		this.doubts.add(1, 5);
		this.doubts.add(2, 6);
		assertThat(this.doubts.due(10)).containsExactly(1);
		assertThat(this.doubts.due(14)).isEmpty();
		assertThat(this.doubts.due(16)).containsExactlyInAnyOrder(1, 2);
		assertThat(this.doubts.due(40)).isEmpty();
	}

}
