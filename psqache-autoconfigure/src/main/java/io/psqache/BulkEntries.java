package io.psqache;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.psqache.codec.ValueCodec;
import io.psqache.store.Bulk;
import io.psqache.store.BulkAnswer;
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Many entries of one cache at once, values as objects and keys as stored. A read fails
 * open, as that of a single entry does; a write that could not do all tells how much it
 * did. Either counts as one failure. Thread-safe.
 */
final class BulkEntries {

	private final CacheCore cache;

	private final ValueCodec codec;

	BulkEntries(CacheCore cache, ValueCodec codec) {
		this.cache = cache;
		this.codec = codec;
	}

	/**
	 * Read.
	 * @return the values of those that are there and not {@code null}
	 */
	Map<String, Object> read(Set<String> keys) {
		return values(keys, reads(keys).await());
	}

	CompletableFuture<Map<String, Object>> readAsync(Set<String> keys) {
		return reads(keys).async().thenApply((answer) -> values(keys, answer));
	}

	private Bulk<Optional<StoredValue>> reads(Set<String> keys) {
		return this.cache.store().getAll(this.cache.handle(), keys, this.cache.settings().timeToIdle());
	}

	private Map<String, Object> values(Set<String> keys, BulkAnswer<Optional<StoredValue>> answer) {
		Map<String, Object> values = new LinkedHashMap<>();
		int hits = 0;
		for (Map.Entry<String, Optional<StoredValue>> entry : answer.answers().entrySet()) {
			if (entry.getValue().isPresent() && decode(entry.getKey(), entry.getValue().get(), values)) {
				hits++;
				this.cache.statistics().hit();
			}
		}
		for (int misses = keys.size() - hits; misses > 0; misses--) {
			this.cache.statistics().miss();
		}
		if (answer.failure() != null) {
			this.cache.failures().tolerate(CacheOperation.GET, answer.failure());
		}
		return values;
	}

	/**
	 * Decode one.
	 * @return whether it can be read, be it as {@code null}
	 */
	private boolean decode(String key, StoredValue stored, Map<String, Object> values) {
		try {
			Object value = this.codec.decode(stored);
			if (value != null) {
				values.put(key, value);
			}
			return true;
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.GET, ex);
			return false;
		}
	}

	/**
	 * Write, and wait until it is stored however the cache is set: what nobody waits for
	 * might fail half-way.
	 */
	void write(Map<String, Object> values) {
		Writing writing = new Writing(values);
		BulkAnswer<Boolean> written = writing.bulk().await();
		writing.check(written, writing.removal().await());
	}

	CompletableFuture<@Nullable Void> writeAsync(Map<String, Object> values) {
		Writing writing = new Writing(values);
		return writing.bulk().async().thenAcceptBoth(writing.removal().async(), writing::check);
	}

	/**
	 * Entries to be written, and why the first one that has no stored form has none.
	 */
	private final class Writing {

		private final Map<String, StoredValue> stored = new LinkedHashMap<>();

		private final int asked;

		private final Set<String> unstorable = new LinkedHashSet<>();

		private @Nullable StoreException reason;

		Writing(Map<String, Object> values) {
			this.asked = values.size();
			values.forEach(this::encode);
		}

		private void encode(String key, Object value) {
			try {
				this.stored.put(key, BulkEntries.this.codec.encode(value));
			}
			catch (StoreException ex) {
				this.unstorable.add(key);
				this.reason = (this.reason != null) ? this.reason : ex;
			}
		}

		Bulk<Boolean> bulk() {
			CacheCore cache = BulkEntries.this.cache;
			return cache.store().putAll(cache.handle(), this.stored, cache.settings()::lifetime);
		}

		/**
		 * Nothing older may stay in the place of what cannot be stored.
		 */
		Bulk<Boolean> removal() {
			CacheCore cache = BulkEntries.this.cache;
			return cache.store().evictAll(cache.handle(), this.unstorable);
		}

		void check(BulkAnswer<Boolean> answer, BulkAnswer<Boolean> removed) {
			CacheCore cache = BulkEntries.this.cache;
			evictLater(this.stored.keySet(), answer);
			evictLater(this.unstorable, removed);
			answer.answers().forEach((key, written) -> cache.statistics().put());
			StoreException failure = (answer.failure() != null) ? answer.failure() : this.reason;
			if (failure != null) {
				throw cache.failures().writeFailed(answer.answers().size(), this.asked, failure);
			}
		}

		/**
		 * Nor in the place of what was not stored.
		 */
		private void evictLater(Set<String> keys, BulkAnswer<Boolean> answer) {
			if (answer.failure() != null) {
				Set<String> lost = new LinkedHashSet<>(keys);
				lost.removeAll(answer.answers().keySet());
				BulkEntries.this.cache.store().evictLater(BulkEntries.this.cache.handle(), lost);
			}
		}

	}

}
