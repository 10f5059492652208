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

package io.psqache.internal.transaction;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.psqache.test.TestStores;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.Lifetime;
import io.psqache.internal.store.NewEntry;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which changes a transaction reads, writes and undoes. Uses no database.
 */
class ChangeLogTests {

	private final EntryStore store = TestStores.open(new DriverManagerDataSource(), 1, Duration.ofSeconds(1));

	private final CacheHandle books = TestStores.cache(this.store, "test", "books");

	private final CacheHandle films = TestStores.cache(this.store, "test", "films");

	private final ChangeLog log = new ChangeLog();

	@AfterEach
	void close() {
		this.store.close();
	}

	@Test
	void lastChangeOfAnEntryIsRead() {
		CollectedPut last = put("last");
		this.log.evict(this.books, "1");
		this.log.put(this.books, "1", put("first"));
		this.log.put(this.books, "1", last);
		this.log.evict(this.books, "2");
		assertThat(read("1")).isSameAs(last);
		assertThat(isEvicted("2")).isTrue();
		assertThat(this.log.change(this.books, "3")).isNull();
		assertThat(this.log.change(this.films, "1")).isNull();
	}

	@Test
	void clearEvictsEarlierPutsAndNotLaterOnes() {
		CollectedPut after = put("after");
		this.log.put(this.books, "1", put("before"));
		this.log.clear(this.books);
		this.log.put(this.books, "2", after);
		assertThat(isEvicted("1")).isTrue();
		assertThat(read("2")).isSameAs(after);
		assertThat(isEvicted("3")).isTrue();
		assertThat(this.log.all()).containsExactly(new CacheChanges(this.books, true, Set.of(), Map.of("2", after)));
	}

	@Test
	void putOfAnEvictedEntryKeepsTheEviction() {
		CollectedPut put = put("new");
		this.log.evict(this.books, "1");
		this.log.put(this.books, "1", put);
		assertThat(this.log.all()).containsExactly(new CacheChanges(this.books, false, Set.of("1"), Map.of("1", put)));
	}

	@Test
	void evictionWithdrawsAPut() {
		this.log.put(this.books, "1", put("new"));
		this.log.evict(this.books, "1");
		assertThat(this.log.all()).containsExactly(new CacheChanges(this.books, false, Set.of("1"), Map.of()));
	}

	@Test
	void changesOfOneCacheIncludeAllItsChanges() {
		CollectedPut put = put("new");
		this.log.put(this.books, "1", put);
		this.log.clear(this.films);
		this.log.evict(this.books, "2");
		assertThat(this.log.of(this.books))
			.isEqualTo(new CacheChanges(this.books, false, Set.of("2"), Map.of("1", put)));
		assertThat(this.log.of(this.films).cleared()).isTrue();
	}

	@Test
	void rollbackToASavepointUndoesLaterChanges() {
		CollectedPut before = put("before");
		this.log.put(this.books, "1", before);
		this.log.savepoint("savepoint");
		this.log.put(this.books, "1", put("first"));
		this.log.put(this.books, "1", put("second"));
		this.log.evict(this.books, "2");
		this.log.clear(this.books);
		this.log.evict(this.films, "1");
		this.log.rollBackTo("savepoint");
		assertThat(read("1")).isSameAs(before);
		assertThat(this.log.change(this.books, "2")).isNull();
		assertThat(this.log.isChanged(this.films)).isFalse();
		assertThat(this.log.all()).containsExactly(new CacheChanges(this.books, false, Set.of(), Map.of("1", before)));
	}

	@Test
	void rollbackOfAClearRestoresTheClearBeforeIt() {
		this.log.clear(this.books);
		this.log.savepoint("savepoint");
		this.log.put(this.books, "1", put("new"));
		this.log.clear(this.books);
		this.log.rollBackTo("savepoint");
		assertThat(isEvicted("1")).isTrue();
		assertThat(this.log.all()).containsExactly(new CacheChanges(this.books, true, Set.of(), Map.of()));
	}

	@Test
	void innerSavepointUndoesLessThanTheOuterOne() {
		this.log.savepoint("outer");
		this.log.evict(this.books, "1");
		this.log.savepoint("inner");
		this.log.evict(this.books, "2");
		this.log.rollBackTo("inner");
		assertThat(this.log.of(this.books).evicted()).containsExactly("1");
		this.log.evict(this.books, "3");
		this.log.rollBackTo("outer");
		assertThat(this.log.isChanged(this.books)).isFalse();
		assertThat(this.log.all()).isEmpty();
	}

	@Test
	void savepointCanBeRolledBackToAgain() {
		this.log.evict(this.books, "1");
		this.log.savepoint("savepoint");
		for (int attempt = 0; attempt < 2; attempt++) {
			this.log.evict(this.books, "2");
			this.log.rollBackTo("savepoint");
			assertThat(this.log.of(this.books).evicted()).containsExactly("1");
		}
	}

	@Test
	void rollbackToAnUnknownSavepointUndoesAll() {
		this.log.evict(this.books, "1");
		this.log.savepoint("known");
		this.log.clear(this.films);
		this.log.rollBackTo("from before the first change");
		assertThat(this.log.isChanged(this.books)).isFalse();
		assertThat(this.log.isChanged(this.films)).isFalse();
		assertThat(this.log.all()).isEmpty();
	}

	@Test
	void onlyChangesAfterTheLastWriteAreUnwritten() {
		CollectedPut put = put("new");
		this.log.evict(this.books, "1");
		this.log.clear(this.films);
		this.log.written();
		assertThat(this.log.unwritten()).isEmpty();
		this.log.put(this.books, "1", put);
		assertThat(this.log.unwritten())
			.containsExactly(new CacheChanges(this.books, false, Set.of(), Map.of("1", put)));
		assertThat(this.log.all()).hasSize(2);
	}

	@Test
	void clearIsUnwrittenUntilTheNextWrite() {
		assertThat(this.log.isClearUnwritten(this.books)).isFalse();
		this.log.clear(this.books);
		this.log.evict(this.books, "1");
		assertThat(this.log.isClearUnwritten(this.books)).isTrue();
		this.log.written();
		assertThat(this.log.isClearUnwritten(this.books)).isFalse();
	}

	@Test
	void rollbackResetsTheWritesAfterTheSavepoint() {
		this.log.evict(this.books, "1");
		this.log.written();
		this.log.evict(this.books, "2");
		this.log.savepoint("savepoint");
		this.log.evict(this.books, "3");
		this.log.written();
		this.log.rollBackTo("savepoint");
		assertThat(evicted(this.log.unwritten())).containsExactly("2");
	}

	@Test
	void changesAfterARollbackAreUnwritten() {
		this.log.savepoint("savepoint");
		this.log.evict(this.books, "1");
		this.log.evict(this.books, "2");
		this.log.written();
		this.log.rollBackTo("savepoint");
		this.log.evict(this.books, "3");
		assertThat(evicted(this.log.unwritten())).containsExactly("3");
	}

	private @Nullable CollectedPut read(String key) {
		ChangeLog.Change change = this.log.change(this.books, key);
		return (change != null) ? change.put() : null;
	}

	private boolean isEvicted(String key) {
		ChangeLog.Change change = this.log.change(this.books, key);
		return change != null && change.put() == null;
	}

	private static Set<String> evicted(List<CacheChanges> changes) {
		assertThat(changes).hasSize(1);
		return changes.get(0).evicted();
	}

	private static CollectedPut put(String value) {
		return new CollectedPut(
				new NewEntry(StoredValue.json('"' + value + '"', "v1 java.lang.String"), Lifetime.FOREVER),
				PutListener.NONE);
	}

}
