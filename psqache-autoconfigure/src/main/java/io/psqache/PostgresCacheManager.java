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

package io.psqache;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.psqache.codec.CacheKeyConverter;
import io.psqache.codec.CacheKeys;
import io.psqache.codec.KeyCodec;
import io.psqache.codec.ValueCodecs;
import io.psqache.load.LoadLeases;
import io.psqache.load.LoadThreads;
import io.psqache.load.LoadContext;
import io.psqache.near.ImmutableTypes;
import io.psqache.near.NearCache;
import io.psqache.near.NearChannel;
import io.psqache.store.CacheHandle;
import io.psqache.store.EntryStore;
import io.psqache.store.Notifications;
import io.psqache.engine.StoreException;
import io.psqache.store.StoredCache;
import io.psqache.sweep.Housekeeping;
import io.psqache.sweep.SweepMonitor;
import io.psqache.transaction.TransactionalStore;
import io.psqache.transaction.Transactions;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.core.ParameterizedTypeReference;

/**
 * The caches of an application, in PostgreSQL. Thread-safe.
 * <p>
 * A cache is made when it is first asked for, unless the names were
 * {@linkplain Builder#fixedCacheNames fixed}. That takes no database: a cache can be had
 * while it is down. Closing the manager closes its store.
 */
public final class PostgresCacheManager implements CacheManager, AutoCloseable {

	private final EntryStore store;

	private final TransactionalStore transactionalStore;

	private final ValueCodecs values;

	private final KeyCodec keys;

	private final TypedCaches typedCaches;

	private final FailureLog failureLog = new FailureLog(System::nanoTime);

	private final LoadThreads loadThreads = new LoadThreads();

	private final String namespace;

	private final CacheSettings defaults;

	private final Map<String, CacheSettings> settings;

	private final Function<String, @Nullable Type> declaredTypes;

	private final boolean namesAreFixed;

	private final ConcurrentMap<String, PostgresCache> caches = new ConcurrentHashMap<>();

	private final Collection<Consumer<? super PostgresCache>> creationListeners = new CopyOnWriteArrayList<>();

	private final NearChannel near;

	private final Housekeeping housekeeping;

	private final LoadLeases loadLeases;

	private PostgresCacheManager(Builder builder) {
		this.store = builder.store;
		this.loadLeases = new LoadLeases(builder.store);
		this.transactionalStore = new TransactionalStore(builder.store, builder.transactions);
		this.near = new NearChannel(
				(builder.notifications != null) ? builder.notifications : this.store.notifications(null),
				new ImmutableTypes(builder.immutableTypes));
		this.housekeeping = new Housekeeping(this.store, builder.namespace, builder.sweepMonitor);
		this.values = builder.values;
		this.keys = new KeyCodec(builder.keyConverters);
		this.typedCaches = new TypedCaches(builder.values);
		this.namespace = builder.namespace;
		this.defaults = builder.defaults;
		this.settings = Map.copyOf(builder.settings);
		this.declaredTypes = builder.declaredTypes;
		this.namesAreFixed = builder.fixedNames != null;
		Collection<String> initial = (builder.fixedNames != null) ? builder.fixedNames : this.settings.keySet();
		initial.forEach((name) -> this.caches.put(name, create(name)));
		if (builder.sweepInterval != null) {
			this.housekeeping.start(builder.sweepInterval, builder.sweepPages);
		}
	}

	/**
	 * Start to build a cache manager.
	 * @param store holds the entries; closed with the manager
	 * @param values makes what converts the values
	 * @return a builder
	 */
	public static Builder builder(EntryStore store, ValueCodecs values) {
		return new Builder(store, values);
	}

	@Override
	public @Nullable Cache getCache(String name) {
		PostgresCache cache = cache(name);
		return (cache != null) ? cache.view() : null;
	}

	private @Nullable PostgresCache cache(String name) {
		PostgresCache cache = this.caches.get(name);
		return (cache != null || this.namesAreFixed) ? cache : make(name);
	}

	/**
	 * Open a cache for keys of one type and values of another. It is the one that
	 * {@code @Cacheable} knows by this name, made if need be.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param name the name of the cache
	 * @param keyType the type of the keys
	 * @param valueType the type of the values; a primitive type stands for its wrapper
	 * @return the cache, the same one each time
	 * @throws IllegalStateException if it was opened for other types before
	 * @throws IllegalArgumentException if the names are fixed and this is none of them
	 */
	public <K, V> TypedCache<K, V> typedCache(String name, Class<K> keyType, Class<V> valueType) {
		return open(name, keyType, valueType);
	}

	/**
	 * As {@link #typedCache(String, Class, Class)}, for values of a generic type.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param name the name of the cache
	 * @param keyType the type of the keys
	 * @param valueType the type of the values
	 * @return the cache
	 */
	public <K, V> TypedCache<K, V> typedCache(String name, Class<K> keyType, ParameterizedTypeReference<V> valueType) {
		return open(name, keyType, valueType.getType());
	}

	/**
	 * As {@link #typedCache(String, Class, Class)}, for keys of a generic type.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param name the name of the cache
	 * @param keyType the type of the keys
	 * @param valueType the type of the values
	 * @return the cache
	 */
	public <K, V> TypedCache<K, V> typedCache(String name, ParameterizedTypeReference<K> keyType, Class<V> valueType) {
		return open(name, keyType.getType(), valueType);
	}

	/**
	 * As {@link #typedCache(String, Class, Class)}, for keys and values of generic types.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param name the name of the cache
	 * @param keyType the type of the keys
	 * @param valueType the type of the values
	 * @return the cache
	 */
	public <K, V> TypedCache<K, V> typedCache(String name, ParameterizedTypeReference<K> keyType,
			ParameterizedTypeReference<V> valueType) {
		return open(name, keyType.getType(), valueType.getType());
	}

	private <K, V> TypedCache<K, V> open(String name, Type keyType, Type valueType) {
		PostgresCache cache = cache(name);
		if (cache == null) {
			throw new IllegalArgumentException(
					"There is no cache '%s': the names are fixed to %s. Add it to spring.cache.cache-names."
						.formatted(name, this.caches.keySet()));
		}
		return this.typedCaches.open(cache.core(), keyType, valueType);
	}

	/**
	 * Sweep now: delete what can be read no more (entries that have expired, those from
	 * before a clear, and those of caches that were dropped) and what is too much by the
	 * bounds, of every application that shares the schema, and count what remains. It
	 * walks over the whole table, portion by portion, each within the time limit, and
	 * does not hold up reads and writes of entries that live. If a cache turns out to be
	 * past its bound it walks twice.
	 * @return how many entries were deleted
	 * @throws StoreException if PostgreSQL failed; what was deleted before is gone
	 */
	public long cleanup() {
		return this.housekeeping.sweepNow();
	}

	/**
	 * Look which caches of this application's namespace the database has, whether this
	 * instance uses them or not. One that no instance uses any more can be
	 * {@linkplain #dropCache dropped}.
	 * @return the caches by name, with what the sweeper has found of them
	 * @throws StoreException if PostgreSQL failed
	 */
	public List<StoredCache> storedCaches() {
		return this.housekeeping.caches();
	}

	/**
	 * Drop a cache that is not used any more from the database, with all its entries,
	 * which are deleted in the background. An instance that uses it all the same makes a
	 * new one, empty.
	 * @param name the name of the cache
	 * @return whether there was such a cache
	 * @throws StoreException if PostgreSQL failed
	 */
	public boolean dropCache(String name) {
		Optional<Integer> dropped = this.housekeeping.drop(name);
		dropped.ifPresent(this.near::changed);
		return dropped.isPresent();
	}

	private PostgresCache make(String name) {
		PostgresCache made = create(name);
		PostgresCache earlier = this.caches.putIfAbsent(name, made);
		if (earlier != null) {
			return earlier;
		}
		this.creationListeners.forEach((listener) -> listener.accept(made));
		return made;
	}

	private PostgresCache create(String name) {
		CacheSettings settings = this.settings.getOrDefault(name, this.defaults);
		NearCache copies = settings.near().enabled() ? this.near.open(settings.near(), settings.timeToIdle() != null)
				: null;
		CacheStatistics statistics = new CacheStatistics((copies != null) ? copies.statistics() : null);
		CacheHandle handle = this.store.cache(this.namespace, name, settings.bounds(), settings.shortestLifetime(),
				settings.staleness(), this.near.changesOf(copies));
		CacheFailures failures = new CacheFailures(name, statistics, this.failureLog);
		LoadContext loading = new LoadContext(settings.loading(), statistics.loading(), failures, handle,
				this.loadLeases, this.loadThreads);
		this.transactionalStore.listen(handle, failures.commitListener(loading));
		CacheCore core = new CacheCore(name, settings, new CacheKeys(this.keys, copies != null),
				this.transactionalStore, handle, statistics, failures, loading, copies);
		return new PostgresCache(core, this.values.lazyCodec(name, settings.storage(), () -> type(name, settings)));
	}

	private @Nullable Type type(String name, CacheSettings settings) {
		return (settings.type() != null) ? settings.type() : this.declaredTypes.apply(name);
	}

	@Override
	public Collection<String> getCacheNames() {
		return Collections.unmodifiableSet(this.caches.keySet());
	}

	/**
	 * Clear the caches that this instance of the application has used.
	 * @throws CacheEvictionException if PostgreSQL refuses to clear one, after all were
	 * tried
	 */
	@Override
	public void resetCaches() {
		RuntimeException failure = null;
		for (PostgresCache cache : this.caches.values()) {
			try {
				cache.clear();
			}
			catch (CacheEvictionException ex) {
				if (failure == null) {
					failure = ex;
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	/**
	 * Be told of caches made from now on.
	 * @param listener called with each new cache, on the thread that first asked for it
	 */
	public void addCreationListener(Consumer<? super PostgresCache> listener) {
		this.creationListeners.add(listener);
	}

	/**
	 * What keeps the caches of this application apart from those of others.
	 * @return the namespace, may be empty
	 */
	public String getNamespace() {
		return this.namespace;
	}

	/**
	 * The store that holds the entries.
	 * @return the store
	 */
	public EntryStore getStore() {
		return this.store;
	}

	/**
	 * What keeps the near caches of all instances coherent.
	 * @return the channel, whether any cache keeps copies or not
	 */
	public NearChannel getNearChannel() {
		return this.near;
	}

	@Override
	public void close() {
		this.loadThreads.close();
		this.near.close();
		this.housekeeping.close();
		this.store.close();
	}

	/**
	 * Builds a {@link PostgresCacheManager}. Not thread-safe.
	 */
	public static final class Builder {

		private final EntryStore store;

		private final ValueCodecs values;

		private String namespace = "";

		private Transactions transactions = Transactions.none();

		private CacheSettings defaults = CacheSettings.defaults();

		private final Map<String, CacheSettings> settings = new LinkedHashMap<>();

		private Function<String, @Nullable Type> declaredTypes = (name) -> null;

		private @Nullable Collection<String> fixedNames;

		private Collection<? extends CacheKeyConverter> keyConverters = List.of();

		private @Nullable Duration sweepInterval;

		private SweepMonitor sweepMonitor = SweepMonitor.NONE;

		private @Nullable Notifications notifications;

		private Collection<Class<?>> immutableTypes = List.of();

		private int sweepPages;

		private Builder(EntryStore store, ValueCodecs values) {
			this.store = store;
			this.values = values;
		}

		/**
		 * Have what a transaction changes take effect with its commit.
		 * @param transactions how; by default all takes effect at once
		 * @return this
		 */
		public Builder transactions(Transactions transactions) {
			this.transactions = transactions;
			return this;
		}

		/**
		 * Keep the caches apart from those of other applications in the same schema.
		 * @param namespace the namespace; empty by default
		 * @return this
		 */
		public Builder namespace(String namespace) {
			this.namespace = namespace;
			return this;
		}

		/**
		 * Settings of every cache that has none of its own.
		 * @param change makes the new settings of those so far
		 * @return this
		 */
		public Builder defaults(UnaryOperator<CacheSettings> change) {
			this.defaults = change.apply(this.defaults);
			return this;
		}

		/**
		 * Settings of one cache.
		 * @param name the name of the cache
		 * @param change makes the new settings of those so far, which are the defaults as
		 * they are now if there were none
		 * @return this
		 */
		public Builder cache(String name, UnaryOperator<CacheSettings> change) {
			this.settings.put(name, change.apply(this.settings.getOrDefault(name, this.defaults)));
			return this;
		}

		/**
		 * Where to look for the type of a cache's values if its
		 * {@linkplain CacheSettings#type() settings} do not tell.
		 * @param types answers the name of a cache with a type, or with {@code null} if
		 * it does not know. Asked when the cache first stores or finds a value, on the
		 * caller's thread, and perhaps on several at once
		 * @return this
		 */
		public Builder declaredTypes(Function<String, @Nullable Type> types) {
			this.declaredTypes = types;
			return this;
		}

		/**
		 * Have no other caches than these.
		 * @param names the names
		 * @return this
		 */
		public Builder fixedCacheNames(Collection<String> names) {
			this.fixedNames = names;
			return this;
		}

		/**
		 * Convert keys before they are stored.
		 * @param converters asked in this order; none by default
		 * @return this
		 */
		public Builder keyConverters(Collection<? extends CacheKeyConverter> converters) {
			this.keyConverters = converters;
			return this;
		}

		/**
		 * Sweep in the background, until the manager is closed: delete entries that can
		 * be read no more, hold the bounds, and count. Of all instances that share the
		 * schema one is at it at a time. By default nothing is swept but by
		 * {@link PostgresCacheManager#cleanup()}.
		 * @param interval how long to rest between steps while there is little to do
		 * @param pages how many pages (of 8 KB) of the table a step goes through
		 * @return this
		 */
		public Builder sweep(Duration interval, int pages) {
			if (interval.isNegative() || interval.isZero() || pages < 1) {
				throw new IllegalArgumentException(
						"The interval " + interval + " and the pages " + pages + " of a sweep must be positive");
			}
			this.sweepInterval = interval;
			this.sweepPages = pages;
			return this;
		}

		/**
		 * Observe what the sweeper deletes in the background.
		 * @param monitor the observer
		 * @return this
		 */
		public Builder sweepMonitor(SweepMonitor monitor) {
			this.sweepMonitor = monitor;
			return this;
		}

		/**
		 * Listen to other instances, which near caches need.
		 * @param notifications those of the store, with something to listen on
		 * @return this
		 */
		public Builder notifications(Notifications notifications) {
			this.notifications = notifications;
			return this;
		}

		/**
		 * Share the values of these classes among the callers of a near cache, in place
		 * of making a new one for each.
		 * @param types classes whose objects cannot be changed, besides those that are
		 * known; subclasses do not count
		 * @return this
		 */
		public Builder immutableTypes(Collection<Class<?>> types) {
			this.immutableTypes = types;
			return this;
		}

		/**
		 * Build the cache manager.
		 * @return the cache manager
		 */
		public PostgresCacheManager build() {
			return new PostgresCacheManager(this);
		}

	}

}
