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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.internal.annotation.AnnotatedTypes;
import io.psqache.internal.codec.TrustedPackages;
import io.psqache.internal.codec.TrustedTypes;
import io.psqache.internal.codec.ValueCodecs;
import io.psqache.internal.connection.ConnectionSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Builds a {@link PostgresCacheManager}. Each method stands for the property of the same
 * name, and messages name the properties. Not thread-safe.
 */
public final class PostgresCacheManagerBuilder {

	private final @Nullable DataSource application;

	private @Nullable Supplier<? extends @Nullable DataSource> fallback;

	private @Nullable String url;

	private @Nullable String username;

	private @Nullable String password;

	private int poolSize = 4;

	final Collection<Consumer<? super HikariDataSource>> poolCustomizers = new ArrayList<>();

	Duration timeout = Duration.ofMillis(500);

	String schema = "psqache";

	boolean migrate = true;

	boolean unlogged = true;

	boolean failFast;

	Duration tombstoneRetention = Duration.ofMinutes(5);

	@Nullable TransactionMode transactions;

	boolean requireEvictions = true;

	final List<TableWatch> watches = new ArrayList<>();

	final List<CacheMonitor> monitors = new ArrayList<>();

	String namespace = "";

	CacheSettings defaults = CacheSettings.defaults();

	final Map<String, CacheSettings> caches = new LinkedHashMap<>();

	@Nullable Collection<String> fixedNames;

	Function<String, @Nullable Type> declaredTypes = (name) -> null;

	Collection<? extends CacheKeyConverter> keyConverters = List.of();

	private @Nullable ClassLoader classLoader;

	private final List<String> trustedPackages = new ArrayList<>();

	private List<PsqacheJsonMapperCustomizer> jsonCustomizers = List.of();

	private List<CacheValueCodec> valueCodecs = List.of();

	boolean verifyRoundTrip;

	Collection<Class<?>> immutableTypes = List.of();

	@Nullable Duration sweepInterval = Duration.ofSeconds(1);

	int sweepPages = 1_000;

	PostgresCacheManagerBuilder(@Nullable DataSource application) {
		this.application = application;
	}

	/**
	 * Cache in a database of the cache's own. Each argument that is {@code null} is the
	 * application's.
	 * @param url the JDBC URL
	 * @param username the username
	 * @param password the password
	 * @return this
	 */
	public PostgresCacheManagerBuilder database(@Nullable String url, @Nullable String username,
			@Nullable String password) {
		this.url = url;
		this.username = username;
		this.password = password;
		return this;
	}

	/**
	 * Name another {@code DataSource} to read the URL and the login from, where that of
	 * the application hides them.
	 * @param fallback answers with one that is not pooled, whenever a connection is
	 * opened
	 * @return this
	 */
	public PostgresCacheManagerBuilder fallbackDataSource(Supplier<? extends @Nullable DataSource> fallback) {
		this.fallback = fallback;
		return this;
	}

	/**
	 * Set the number of connections.
	 * @param size number of connections that the cache opens at most; 4 by default
	 * @return this
	 */
	public PostgresCacheManagerBuilder poolSize(int size) {
		this.poolSize = size;
		return this;
	}

	/**
	 * Change the cache's own pool before it is used, for its metrics or leak detection.
	 * @param customizer changes the pool
	 * @return this
	 */
	public PostgresCacheManagerBuilder customizePool(Consumer<? super HikariDataSource> customizer) {
		this.poolCustomizers.add(customizer);
		return this;
	}

	/**
	 * Set how long a caller waits for PostgreSQL.
	 * @param timeout the limit, positive; 500 ms by default
	 * @return this
	 */
	public PostgresCacheManagerBuilder timeout(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Set the schema that holds the tables.
	 * @param schema the name; {@code psqache} by default
	 * @return this
	 */
	public PostgresCacheManagerBuilder schema(String schema) {
		this.schema = schema;
		return this;
	}

	/**
	 * Set whether the schema is made and migrated, or only checked.
	 * @param migrate whether it is; {@code true} by default
	 * @return this
	 */
	public PostgresCacheManagerBuilder migrate(boolean migrate) {
		this.migrate = migrate;
		return this;
	}

	/**
	 * Set whether entries survive a crash of the server.
	 * @param unlogged whether the table of the entries is UNLOGGED; {@code true} by
	 * default
	 * @return this
	 */
	public PostgresCacheManagerBuilder unlogged(boolean unlogged) {
		this.unlogged = unlogged;
		return this;
	}

	/**
	 * Set whether {@link #build()} fails if the database cannot be reached.
	 * @param failFast whether it fails; otherwise caching begins when it can be reached
	 * @return this
	 */
	public PostgresCacheManagerBuilder failFast(boolean failFast) {
		this.failFast = failFast;
		return this;
	}

	/**
	 * Set how long evictions are remembered, which is how long a load may take whose
	 * value is to be cached. The same for all applications that share the schema.
	 * @param retention the time, positive; five minutes by default
	 * @return this
	 */
	public PostgresCacheManagerBuilder tombstoneRetention(Duration retention) {
		this.tombstoneRetention = retention;
		return this;
	}

	/**
	 * Set when changes within a transaction take effect.
	 * @param mode when they do; by default with the commit, if the transaction can write
	 * to the cache's database, else right after it
	 * @return this
	 */
	public PostgresCacheManagerBuilder transactions(@Nullable TransactionMode mode) {
		this.transactions = mode;
		return this;
	}

	/**
	 * Set whether a transaction fails when what it evicts cannot be written.
	 * @param required whether it fails; {@code true} by default
	 * @return this
	 */
	public PostgresCacheManagerBuilder requireEvictions(boolean required) {
		this.requireEvictions = required;
		return this;
	}

	/**
	 * Evict entries when rows of tables change, whatever changes them.
	 * @param watches what to watch, besides what was named before
	 * @return this
	 */
	public PostgresCacheManagerBuilder watch(Collection<TableWatch> watches) {
		this.watches.addAll(watches);
		return this;
	}

	/**
	 * Observe the cache manager.
	 * @param monitor the observer, besides those named before
	 * @return this
	 */
	public PostgresCacheManagerBuilder monitor(CacheMonitor monitor) {
		this.monitors.add(monitor);
		return this;
	}

	/**
	 * Keep the caches apart from those of other applications in the same schema.
	 * @param namespace the namespace; empty by default
	 * @return this
	 */
	public PostgresCacheManagerBuilder namespace(String namespace) {
		this.namespace = namespace;
		return this;
	}

	/**
	 * Change the settings of every cache that has none of its own.
	 * @param change makes the new settings of those so far
	 * @return this
	 */
	public PostgresCacheManagerBuilder defaults(UnaryOperator<CacheSettings> change) {
		this.defaults = change.apply(this.defaults);
		return this;
	}

	/**
	 * Change the settings of one cache.
	 * @param name the name of the cache
	 * @param change makes the new settings of those so far, which are the defaults as
	 * they are now if there were none
	 * @return this
	 */
	public PostgresCacheManagerBuilder cache(String name, UnaryOperator<CacheSettings> change) {
		this.caches.put(name, change.apply(this.caches.getOrDefault(name, this.defaults)));
		return this;
	}

	/**
	 * Have no other caches than these.
	 * @param names the names
	 * @return this
	 */
	public PostgresCacheManagerBuilder fixedCacheNames(Collection<String> names) {
		this.fixedNames = names;
		return this;
	}

	/**
	 * Infer the type of a cache's values from the annotated methods that fill it.
	 * @param beans the beans that have such methods, searched when the first type is
	 * needed
	 * @return this
	 */
	public PostgresCacheManagerBuilder annotatedTypes(ConfigurableListableBeanFactory beans) {
		return declaredTypes(new AnnotatedTypes(beans, PostgresCacheManager.class)::of);
	}

	/**
	 * Look for the type of a cache's values where its {@linkplain CacheSettings#type()
	 * settings} do not tell.
	 * @param types answers the name of a cache with a type, or with {@code null} if it
	 * does not know. Asked when the cache first stores or finds a value, on the caller's
	 * thread, and perhaps on several at once
	 * @return this
	 */
	public PostgresCacheManagerBuilder declaredTypes(Function<String, @Nullable Type> types) {
		this.declaredTypes = types;
		return this;
	}

	/**
	 * Convert keys before they are stored.
	 * @param converters asked in this order; none by default
	 * @return this
	 */
	public PostgresCacheManagerBuilder keyConverters(Collection<? extends CacheKeyConverter> converters) {
		this.keyConverters = converters;
		return this;
	}

	/**
	 * Set the class loader that finds the classes of values.
	 * @param classLoader the class loader; by default the thread's
	 * @return this
	 */
	public PostgresCacheManagerBuilder classLoader(@Nullable ClassLoader classLoader) {
		this.classLoader = classLoader;
		return this;
	}

	/**
	 * Trust packages: only their classes, and value types of the platform, are made by
	 * the name that a row gives.
	 * @param packages the packages, besides those named before; sub-packages count
	 * @return this
	 * @throws IllegalArgumentException if classes of a package do harm when they are made
	 * from data
	 */
	public PostgresCacheManagerBuilder trustedPackages(Collection<String> packages) {
		for (String name : packages) {
			String dangerous = TrustedPackages.dangerousPackage(name);
			if (dangerous != null) {
				throw new IllegalArgumentException(
						"Package " + name + " cannot be trusted, because an attacker can misuse classes of " + dangerous
								+ " when they are created from stored data. Name a package of your own.");
			}
		}
		this.trustedPackages.addAll(packages);
		return this;
	}

	/**
	 * Add modules to the mapper that makes JSON of values.
	 * @param customizers the customizers, applied in this order
	 * @return this
	 */
	public PostgresCacheManagerBuilder jsonMapperCustomizers(List<PsqacheJsonMapperCustomizer> customizers) {
		this.jsonCustomizers = customizers;
		return this;
	}

	/**
	 * Store the values of some caches otherwise than as JSON.
	 * @param codecs the codecs, asked in this order
	 * @return this
	 */
	public PostgresCacheManagerBuilder valueCodecs(List<CacheValueCodec> codecs) {
		this.valueCodecs = codecs;
		return this;
	}

	/**
	 * Read each value back as it is put, and fail where it comes back changed. For tests.
	 * @param verify whether to do so
	 * @return this
	 */
	public PostgresCacheManagerBuilder verifyRoundTrip(boolean verify) {
		this.verifyRoundTrip = verify;
		return this;
	}

	/**
	 * Share the values of these classes among the callers of a near cache, in place of
	 * making a new one for each.
	 * @param types classes whose objects cannot be changed, besides those that are known;
	 * subclasses do not count
	 * @return this
	 */
	public PostgresCacheManagerBuilder immutableTypes(Collection<Class<?>> types) {
		this.immutableTypes = types;
		return this;
	}

	/**
	 * Set the pace of the sweeper, which deletes entries that can be read no more, holds
	 * the bounds, and counts. Of all instances that share the schema one sweeps at a
	 * time.
	 * @param interval how long it pauses between steps while there is little to do; one
	 * second by default
	 * @param pages number of pages, of 8 KB, that a step goes through at most; 1,000 by
	 * default
	 * @return this
	 */
	public PostgresCacheManagerBuilder sweep(Duration interval, int pages) {
		if (interval.isNegative() || interval.isZero() || pages < 1) {
			throw new IllegalArgumentException(
					"The interval of a sweep (" + interval + ") and its pages (" + pages + ") must be positive");
		}
		this.sweepInterval = interval;
		this.sweepPages = pages;
		return this;
	}

	/**
	 * Leave it to other instances to sweep, and to
	 * {@link PostgresCacheManager#cleanup()}.
	 * @return this
	 */
	public PostgresCacheManagerBuilder withoutSweeper() {
		this.sweepInterval = null;
		return this;
	}

	ConnectionSettings connections() {
		return new ConnectionSettings(this.application, this.fallback, this.url, this.username, this.password,
				this.poolSize, this.timeout);
	}

	ValueCodecs codecs() {
		return new ValueCodecs(new TrustedTypes(this.trustedPackages), this.classLoader, this.jsonCustomizers,
				this.valueCodecs, this.verifyRoundTrip);
	}

	/**
	 * Build the cache manager: open the pool, and make or check the schema.
	 * @return the cache manager, to be closed by the caller
	 * @throws CacheStartupException if a setting is wrong or the schema cannot be made,
	 * or if the database cannot be reached and {@link #failFast(boolean)} is set
	 */
	public PostgresCacheManager build() {
		return build(CacheBackend.open(this));
	}

	/**
	 * Build the cache manager on a database that is open.
	 */
	PostgresCacheManager build(CacheBackend backend) {
		try {
			return new PostgresCacheManager(this, backend);
		}
		catch (RuntimeException | Error ex) {
			backend.close();
			throw ex;
		}
	}

}
