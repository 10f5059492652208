package io.psqache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.codec.ValueCodec;
import io.psqache.store.CacheFigures;
import io.psqache.store.EntryStore;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * A cache in PostgreSQL behind Spring's {@link Cache} contract, its asynchronous part
 * included. Thread-safe.
 * <p>
 * It fails open: a read that fails or takes too long is a miss, a write that fails leaves
 * the value uncached, and both are counted and logged. A removal that PostgreSQL does not
 * do because it is slow or gone is remembered and counts as done, see
 * {@link EntryStore#evictLater}; so is that of what a dropped {@code put} was to replace.
 * A removal that PostgreSQL refuses throws a {@link CacheEvictionException}. On a thread
 * that must not wait (Reactor's), writes and removals are sent and not waited for: their
 * failures are logged. A key that has no stored form is an
 * {@link IllegalArgumentException} in every operation.
 */
public final class PostgresCache implements Cache {

	private final CacheCore core;

	private final CacheEntries entries;

	private final ReadThrough reads;

	private final Removals removals;

	PostgresCache(CacheCore core, ValueCodec codec) {
		this.core = core;
		this.entries = new CacheEntries(core, codec);
		this.reads = new ReadThrough(this.entries, core.loads(), core.statistics());
		this.removals = new Removals(core);
	}

	/**
	 * What it shares with other views of the same cache.
	 */
	CacheCore core() {
		return this.core;
	}

	@Override
	public String getName() {
		return this.core.name();
	}

	/**
	 * The store that holds the entries of this cache and of all others.
	 */
	@Override
	public EntryStore getNativeCache() {
		return this.core.store();
	}

	/**
	 * What this cache was set to.
	 * @return the settings
	 */
	public CacheSettings getSettings() {
		return this.core.settings();
	}

	/**
	 * What happened to this cache in this instance of the application.
	 * @return the live counts
	 */
	public CacheStatistics getStatistics() {
		return this.core.statistics();
	}

	/**
	 * What there is in this cache, of all instances of the application.
	 * @return what the sweeper last found ({@link CacheFigures#age()} tells when), or
	 * {@code null} until it has walked over all entries once and this instance has used
	 * this cache
	 */
	public @Nullable CacheFigures getFigures() {
		return this.core.handle().figures();
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		return this.reads.read(storedKey(key));
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
		ValueWrapper hit = get(key);
		Object value = (hit != null) ? hit.get() : null;
		if (value != null && type != null && !type.isInstance(value)) {
			throw new IllegalStateException("Cache '%s' holds a %s under this key, not the required %s"
				.formatted(this.core.name(), value.getClass().getName(), type.getName()));
		}
		return (T) value;
	}

	/**
	 * Callers that miss the same key at the same time share one load, its value and its
	 * error. If the value cannot be stored it is returned all the same.
	 */
	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		String storedKey = storedKey(key);
		try {
			return (T) this.reads.read(storedKey, valueLoader);
		}
		catch (Exception ex) {
			throw new ValueRetrievalException(key, valueLoader, ex);
		}
	}

	@Override
	public CompletableFuture<?> retrieve(Object key) {
		return this.reads.readAsync(storedKey(key));
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		return (CompletableFuture<T>) this.reads.readAsync(storedKey(key), valueLoader);
	}

	/**
	 * Where {@code null} values are not cached, putting one removes the entry.
	 */
	@Override
	public void put(Object key, @Nullable Object value) {
		this.entries.write(storedKey(key), value, this.core.settings().lifetime());
	}

	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		return this.entries.writeIfAbsent(storedKey(key), value).hit();
	}

	/**
	 * Remove an entry.
	 * @throws CacheEvictionException if PostgreSQL refuses to remove it
	 */
	@Override
	public void evict(Object key) {
		evictIfPresent(key);
	}

	/**
	 * Remove an entry.
	 * @return whether there was one; {@code false} also if that is not known, because the
	 * removal is remembered
	 * @throws CacheEvictionException if PostgreSQL refuses to remove it
	 */
	@Override
	public boolean evictIfPresent(Object key) {
		return this.removals.evict(storedKey(key));
	}

	/**
	 * Remove all entries, at a cost that does not depend on their number.
	 * @throws CacheEvictionException if PostgreSQL refuses to remove them
	 */
	@Override
	public void clear() {
		this.removals.clear();
	}

	/**
	 * As {@link #clear()}, and tell whether there was any entry.
	 * @return whether there was; {@code false} also if that is not known, because the
	 * removal is remembered
	 * @throws CacheEvictionException if PostgreSQL refuses to remove them
	 */
	@Override
	public boolean invalidate() {
		return this.removals.invalidate();
	}

	private String storedKey(Object key) {
		return this.core.keys().encode(key);
	}

}
