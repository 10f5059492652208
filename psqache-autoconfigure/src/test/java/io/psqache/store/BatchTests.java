package io.psqache.store;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may share a batch, so that two operations on one key keep their order.
 */
class BatchTests {

	private final EntrySql sql = new EntrySql(new SchemaName("psqache"));

	private final CacheHandle books = Handles.of(this.sql, "books");

	private final CacheHandle users = Handles.of(this.sql, "users");

	@Test
	void differentKinds() {
		Batch batch = new Batch(put(this.books, "a"));
		assertThat(batch.add(put(this.books, "b"))).isTrue();
		assertThat(batch.add(evict(this.books, "c"))).isTrue();
		assertThat(batch.add(put(this.users, "a"))).isTrue();
		assertThat(batch.add(put(this.books, "d"))).isTrue();
		assertThat(batch.size()).isEqualTo(5);
	}

	@Test
	void putsOfOneKey() {
		Batch batch = new Batch(put(this.books, "a"));
		assertThat(batch.add(put(this.books, "a"))).isTrue();
	}

	@Test
	void notAPutAndAnEvictionOfOneKey() {
		assertThat(new Batch(put(this.books, "a")).add(evict(this.books, "a"))).isFalse();
		assertThat(new Batch(evict(this.books, "a")).add(put(this.books, "a"))).isFalse();
		assertThat(new Batch(evict(this.books, "a")).add(put(this.users, "a"))).isTrue();
	}

	@Test
	void notOneThatGoesAlone() {
		Operation<Boolean> alone = new Solo<>(OperationKind.CLEAR, this.books, (lane) -> true);
		assertThat(new Batch(put(this.books, "a")).add(alone)).isFalse();
		assertThat(new Batch(alone).add(put(this.books, "a"))).isFalse();
	}

	@Test
	void notMoreThanItHolds() {
		Batch batch = new Batch(put(this.books, "first"));
		List<Boolean> added = new ArrayList<>();
		for (int i = 1; i < Batch.MAX_SIZE; i++) {
			added.add(batch.add(put(this.books, "key" + i)));
		}
		assertThat(added).containsOnly(true);
		assertThat(batch.add(put(this.books, "last"))).isFalse();
	}

	@Test
	void notMoreThanASmallPartOfASecondTakesToSend() {
		StoredValue large = StoredValue.payload(new byte[(int) Batch.MAX_BYTES / 3], "bytes");
		Batch batch = new Batch(put(this.books, "a", large));
		assertThat(batch.add(put(this.books, "b", large))).isTrue();
		assertThat(batch.add(put(this.books, "c", large))).isTrue();
		assertThat(batch.add(put(this.books, "d", large))).isFalse();
		assertThat(batch.add(evict(this.books, "e"))).isTrue();
	}

	private Put put(CacheHandle cache, String key, StoredValue value) {
		return new Put(this.sql, cache, key, new NewEntry(value, Lifetime.FOREVER));
	}

	private Put put(CacheHandle cache, String key) {
		return new Put(this.sql, cache, key, new NewEntry(StoredValue.NULL, Lifetime.FOREVER));
	}

	private Evict evict(CacheHandle cache, String key) {
		return new Evict(this.sql, cache, key);
	}

}
