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

package io.psqache.benchmarks.consistency;

import io.psqache.benchmarks.consistency.Judge.Reading;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JudgeTests {

	private static final int ITEM = 1;

	private long now = 1000;

	private final Judge judge = new Judge(2, () -> this.now);

	@Test
	void versionAsNewAsTheLastCommitIsNotStale() {
		commit(3, 2000);
		this.judge.end(this.judge.begin(ITEM), 3);
		this.judge.end(this.judge.begin(ITEM), 4);
		assertThat(this.judge.stale()).isZero();
		assertThat(this.judge.longestNanos()).isZero();
		assertThat(this.judge.reads()).isEqualTo(2);
	}

	@Test
	void versionOlderThanTheLastCommitIsStale() {
		commit(3, 2000);
		commit(5, 3000);
		this.judge.end(this.judge.begin(ITEM), 3);
		assertThat(this.judge.stale()).isOne();
		assertThat(this.judge.reads()).isOne();
	}

	@Test
	void commitDuringTheReadNeedNotBeSeen() {
		commit(3, 2000);
		Reading reading = this.judge.begin(ITEM);
		commit(5, 3000);
		this.judge.end(reading, 3);
		assertThat(this.judge.stale()).isZero();
	}

	@Test
	void eachItemHasItsOwnHistory() {
		commit(3, 2000);
		this.judge.end(this.judge.begin(0), 0);
		assertThat(this.judge.stale()).isZero();
	}

	@Test
	void stalenessLastsFromTheFirstLaterCommitToTheBeginOfTheRead() {
		commit(3, 2000);
		commit(5, 3000);
		commit(8, 4000);
		this.now = 4500;
		Reading reading = this.judge.begin(ITEM);
		this.now = 9000;
		this.judge.end(reading, 3);
		assertThat(this.judge.longestNanos()).isEqualTo(1500);
		this.judge.end(reading, 5);
		assertThat(this.judge.longestNanos()).isEqualTo(1500);
		this.judge.end(reading, 0);
		assertThat(this.judge.longestNanos()).isEqualTo(2500);
		assertThat(this.judge.stale()).isEqualTo(3);
	}

	/**
	 * Callers learn of their commits in any order, and read versions from the table
	 * again.
	 */
	@Test
	void commitsMayBecomeKnownInAnotherOrder() {
		commit(5, 2000);
		commit(3, 3000);
		commit(5, 4000);
		this.now = 4500;
		this.judge.end(this.judge.begin(ITEM), 3);
		assertThat(this.judge.stale()).isOne();
		assertThat(this.judge.longestNanos()).isEqualTo(2500);
	}

	@Test
	void rolledBackVersionIsCountedSeparately() {
		commit(3, 2000);
		this.judge.rolledBack(7);
		this.judge.end(this.judge.begin(ITEM), 7);
		this.judge.end(this.judge.begin(ITEM), 3);
		assertThat(this.judge.rolledBack()).isOne();
		assertThat(this.judge.stale()).isZero();
	}

	@Test
	void transactionThatDoesNotSeeItsOwnChangeIsCountedSeparately() {
		this.judge.endOwn(7, 7);
		assertThat(this.judge.ownUnseen()).isZero();
		this.judge.endOwn(3, 7);
		assertThat(this.judge.ownUnseen()).isOne();
		assertThat(this.judge.stale()).isZero();
	}

	private void commit(long version, long time) {
		this.now = time;
		this.judge.committed(ITEM, version);
	}

}
