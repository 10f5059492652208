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
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

import javax.sql.DataSource;

import io.psqache.internal.cache.CacheFactory;
import io.psqache.internal.cache.TypedCaches;
import io.psqache.internal.codec.ValueCodecs;
import io.psqache.internal.near.ImmutableTypes;
import io.psqache.internal.near.InvalidationBus;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.sweep.Housekeeping;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.core.ParameterizedTypeReference;

/**
 * A {@link CacheManager} for caches in PostgreSQL. Thread-safe.
 * <p>
 * Caches are created on first use, unless their names are
 * {@linkplain PostgresCacheManagerBuilder#fixedCacheNames fixed}. The creation needs no
 * database, so caches are available while the database is down. Closing the manager
 * closes its connections.
 */
public final class PostgresCacheManager implements CacheManager, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(PostgresCacheManager.class);

	private final CacheBackend backend;

	private final InvalidationBus invalidations;

	private final Housekeeping housekeeping;

	private final CacheFactory factory;

	private final ValueCodecs values;

	private final TypedCaches typedCaches;

	private final String namespace;

	private final CacheSettings defaults;

	private final Map<String, CacheSettings> settings;

	private final Function<String, @Nullable Type> declaredTypes;

	private final boolean namesAreFixed;

	private final ConcurrentMap<String, PostgresCache> caches = new ConcurrentHashMap<>();

	private final Collection<Consumer<? super PostgresCache>> creationListeners = new CopyOnWriteArrayList<>();

	PostgresCacheManager(PostgresCacheManagerBuilder builder, CacheBackend backend) {
		CacheMonitor monitor = CacheMonitor.of(builder.monitors);
		this.backend = backend;
		this.namespace = builder.namespace;
		this.defaults = builder.defaults;
		this.settings = Map.copyOf(builder.caches);
		this.declaredTypes = builder.declaredTypes;
		this.values = builder.codecs();
		this.typedCaches = new TypedCaches(this.values);
		this.invalidations = new InvalidationBus(backend.notifications(), new ImmutableTypes(builder.immutableTypes),
				monitor, backend.store().leases(), builder.nearLease);
		this.housekeeping = new Housekeeping(backend.store(), this.namespace, monitor);
		this.factory = new CacheFactory(backend.store(), backend.transactions(), this.invalidations,
				builder.keyConverters, this.namespace);
		this.namesAreFixed = builder.fixedNames != null;
		Collection<String> initial = (builder.fixedNames != null) ? builder.fixedNames : this.settings.keySet();
		initial.forEach((name) -> this.caches.put(name, create(name)));
		if (builder.sweepInterval != null) {
			this.housekeeping.start(builder.sweepInterval, builder.sweepPages);
		}
		logger.info(new StartupLine(builder, backend).text());
	}

	/**
	 * Create a builder with the default values of the properties.
	 * @param dataSource the {@code DataSource} of the application. Caches are stored in
	 * its database and take part in its transactions. psqache reads the connection
	 * details from it and opens its own connections. May be {@code null} if the builder
	 * receives a URL
	 * @return a new builder
	 */
	public static PostgresCacheManagerBuilder builder(@Nullable DataSource dataSource) {
		return new PostgresCacheManagerBuilder(dataSource);
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
	 * Return a typed view of a cache. It is the cache that {@code @Cacheable} uses under
	 * this name, and it is created if necessary.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param name the name of the cache
	 * @param keyType the type of the keys
	 * @param valueType the type of the values; a primitive type stands for its wrapper
	 * @return the cache, the same object for each call
	 * @throws IllegalStateException if the cache was opened for other types before
	 * @throws IllegalArgumentException if the names are fixed and do not contain this
	 * name
	 */
	public <K, V> TypedCache<K, V> typedCache(String name, Class<K> keyType, Class<V> valueType) {
		return open(name, keyType, valueType);
	}

	/**
	 * Return a typed view of a cache with values of a generic type.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param name the name of the cache
	 * @param keyType the type of the keys
	 * @param valueType the type of the values
	 * @return the cache, the same object for each call
	 * @throws IllegalStateException if the cache was opened for other types before
	 * @throws IllegalArgumentException if the names are fixed and do not contain this
	 * name
	 * @see #typedCache(String, Class, Class)
	 */
	public <K, V> TypedCache<K, V> typedCache(String name, Class<K> keyType, ParameterizedTypeReference<V> valueType) {
		return open(name, keyType, valueType.getType());
	}

	/**
	 * Return a typed view of a cache with keys of a generic type.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param name the name of the cache
	 * @param keyType the type of the keys
	 * @param valueType the type of the values
	 * @return the cache, the same object for each call
	 * @throws IllegalStateException if the cache was opened for other types before
	 * @throws IllegalArgumentException if the names are fixed and do not contain this
	 * name
	 * @see #typedCache(String, Class, Class)
	 */
	public <K, V> TypedCache<K, V> typedCache(String name, ParameterizedTypeReference<K> keyType, Class<V> valueType) {
		return open(name, keyType.getType(), valueType);
	}

	/**
	 * Return a typed view of a cache with keys and values of generic types.
	 * @param <K> the type of the keys
	 * @param <V> the type of the values
	 * @param name the name of the cache
	 * @param keyType the type of the keys
	 * @param valueType the type of the values
	 * @return the cache, the same object for each call
	 * @throws IllegalStateException if the cache was opened for other types before
	 * @throws IllegalArgumentException if the names are fixed and do not contain this
	 * name
	 * @see #typedCache(String, Class, Class)
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
	 * Sweep now: delete entries that can no longer be read (expired, cleared, or of a
	 * dropped cache), evict entries above the bounds, and count the others. Covers all
	 * applications that share the schema. The table is processed in portions, each within
	 * the timeout, which do not block reads and writes of live entries. If a cache
	 * exceeds its bound, the table is processed twice.
	 * @return the number of deleted entries
	 * @throws StoreException if PostgreSQL failed; portions completed before stay deleted
	 */
	public long cleanup() {
		return this.housekeeping.sweepNow();
	}

	/**
	 * Return the caches in the namespace of this application, used or not. Unused caches
	 * can be {@linkplain #dropCache dropped}.
	 * @return the caches by name, with their usage
	 * @throws StoreException if PostgreSQL failed
	 */
	public List<StoredCache> storedCaches() {
		return this.housekeeping.caches();
	}

	/**
	 * Drop an unused cache. Its entries are deleted in the background. If an instance
	 * still uses the cache, it creates a new, empty one.
	 * @param name the name of the cache
	 * @return whether the cache existed
	 * @throws StoreException if PostgreSQL failed
	 */
	public boolean dropCache(String name) {
		Optional<Integer> dropped = this.housekeeping.drop(name);
		dropped.ifPresent(this.invalidations::changed);
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
		return new PostgresCache(this.factory.create(name, settings),
				this.values.lazyCodec(name, settings.storage(), () -> type(name, settings)));
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
	 * @throws CacheEvictionException if PostgreSQL refuses to clear one of them; the
	 * others are cleared first
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
	 * Register a listener for caches that are created later.
	 * @param listener called with each new cache, on the thread that requested it
	 */
	public void addCreationListener(Consumer<? super PostgresCache> listener) {
		this.creationListeners.add(listener);
	}

	/**
	 * Return the namespace, which separates the caches of this application from those of
	 * others.
	 * @return the namespace, may be empty
	 */
	public String getNamespace() {
		return this.namespace;
	}

	/**
	 * Return the status of this instance, without a database request.
	 * @return the current status
	 */
	public CacheManagerStatus getStatus() {
		EntryStore store = this.backend.store();
		return new CacheManagerStatus(store.breakerState(), store.outage(), store.pendingEvictions(),
				store.queuedReads(), store.queuedWrites(), this.invalidations.state(), this.invalidations.sent(),
				this.invalidations.received(), this.invalidations.leases());
	}

	/**
	 * Read the state of the database, through the same request queue as cache operations.
	 * @return the state of the server
	 * @throws StoreException if PostgreSQL failed or did not answer within the timeout
	 */
	public ServerState probe() {
		return this.backend.store().probe(this.namespace).await();
	}

	CacheBackend backend() {
		return this.backend;
	}

	@Override
	public void close() {
		this.factory.close();
		this.invalidations.close();
		this.housekeeping.close();
		this.backend.close();
	}

}
