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
 * Builder for a {@link PostgresCacheManager}. Each method corresponds to the property of
 * the same name, which messages refer to. Not thread-safe.
 */
public final class PostgresCacheManagerBuilder {

	private static final Duration MIN_LEASE = Duration.ofMillis(100);

	private static final Duration MAX_LEASE = Duration.ofMinutes(1);

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

	Duration nearLease = Duration.ofSeconds(2);

	@Nullable Duration sweepInterval = Duration.ofSeconds(1);

	int sweepPages = 1_000;

	PostgresCacheManagerBuilder(@Nullable DataSource application) {
		this.application = application;
	}

	/**
	 * Use a separate database for the cache. An argument that is {@code null} is taken
	 * from the application's DataSource.
	 * @param url the JDBC URL
	 * @param username the username
	 * @param password the password
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder database(@Nullable String url, @Nullable String username,
			@Nullable String password) {
		this.url = url;
		this.username = username;
		this.password = password;
		return this;
	}

	/**
	 * Set another {@code DataSource} from which the URL and login are read if the
	 * application's DataSource does not expose them.
	 * @param fallback supplies an unpooled DataSource, called for each new connection
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder fallbackDataSource(Supplier<? extends @Nullable DataSource> fallback) {
		this.fallback = fallback;
		return this;
	}

	/**
	 * Set the maximum number of connections.
	 * @param size the maximum pool size; 4 by default
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder poolSize(int size) {
		this.poolSize = size;
		return this;
	}

	/**
	 * Customize the connection pool before its first use, for example its metrics.
	 * @param customizer customizes the pool
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder customizePool(Consumer<? super HikariDataSource> customizer) {
		this.poolCustomizers.add(customizer);
		return this;
	}

	/**
	 * Set the time limit of a caller's wait for PostgreSQL.
	 * @param timeout the timeout, positive; 500 ms by default
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder timeout(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Set the schema that contains the tables.
	 * @param schema the name; {@code psqache} by default
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder schema(String schema) {
		this.schema = schema;
		return this;
	}

	/**
	 * Set whether the schema is created and migrated, or only checked.
	 * @param migrate whether to migrate; {@code true} by default
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder migrate(boolean migrate) {
		this.migrate = migrate;
		return this;
	}

	/**
	 * Set whether the table of the entries is UNLOGGED, so that writes are faster, but
	 * the entries do not survive a crash of the server.
	 * @param unlogged whether the table is UNLOGGED; {@code true} by default
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder unlogged(boolean unlogged) {
		this.unlogged = unlogged;
		return this;
	}

	/**
	 * Set whether {@link #build()} fails if the database is unreachable.
	 * @param failFast {@code true} to fail; otherwise caching starts when the database
	 * becomes reachable
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder failFast(boolean failFast) {
		this.failFast = failFast;
		return this;
	}

	/**
	 * Set how long tombstones of evictions are kept, which limits the duration of a load
	 * whose value can be stored. All applications that share the schema must use the same
	 * value.
	 * @param retention the time, positive; five minutes by default
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder tombstoneRetention(Duration retention) {
		this.tombstoneRetention = retention;
		return this;
	}

	/**
	 * Set when changes within a transaction take effect.
	 * @param mode the mode; {@code null} selects {@code ATOMIC} if the transaction can
	 * write to the cache's database, and {@code AFTER_COMMIT} otherwise
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder transactions(@Nullable TransactionMode mode) {
		this.transactions = mode;
		return this;
	}

	/**
	 * Set whether a transaction fails if its evictions cannot be written.
	 * @param required {@code true} (the default) to fail
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder requireEvictions(boolean required) {
		this.requireEvictions = required;
		return this;
	}

	/**
	 * Add tables whose row changes evict entries, whichever program makes them.
	 * @param watches the tables to add
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder watch(Collection<TableWatch> watches) {
		this.watches.addAll(watches);
		return this;
	}

	/**
	 * Add a monitor.
	 * @param monitor observes the cache manager
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder monitor(CacheMonitor monitor) {
		this.monitors.add(monitor);
		return this;
	}

	/**
	 * Set the namespace, which separates the caches from those of other applications in
	 * the same schema.
	 * @param namespace the namespace; empty by default
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder namespace(String namespace) {
		this.namespace = namespace;
		return this;
	}

	/**
	 * Change the default settings of caches.
	 * @param change receives the current default settings and returns the new ones
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder defaults(UnaryOperator<CacheSettings> change) {
		this.defaults = change.apply(this.defaults);
		return this;
	}

	/**
	 * Change the settings of one cache.
	 * @param name the name of the cache
	 * @param change receives the current settings, initially the current defaults, and
	 * returns the new ones
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder cache(String name, UnaryOperator<CacheSettings> change) {
		this.caches.put(name, change.apply(this.caches.getOrDefault(name, this.defaults)));
		return this;
	}

	/**
	 * Fix the names of the caches, so that no others can be created.
	 * @param names the names
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder fixedCacheNames(Collection<String> names) {
		this.fixedNames = names;
		return this;
	}

	/**
	 * Infer the type of a cache's values from the annotated methods that fill it.
	 * @param beans the bean factory with these methods, searched when the first type is
	 * needed
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder annotatedTypes(ConfigurableListableBeanFactory beans) {
		return declaredTypes(new AnnotatedTypes(beans, PostgresCacheManager.class)::of);
	}

	/**
	 * Set a function that determines the type of a cache's values if its
	 * {@linkplain CacheSettings#type() settings} do not.
	 * @param types returns the type for the name of a cache, or {@code null} if unknown.
	 * Called on the caller's thread when the cache first stores or reads a value,
	 * possibly on several threads at once
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder declaredTypes(Function<String, @Nullable Type> types) {
		this.declaredTypes = types;
		return this;
	}

	/**
	 * Set the converters of keys.
	 * @param converters called in this order; none by default
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder keyConverters(Collection<? extends CacheKeyConverter> converters) {
		this.keyConverters = converters;
		return this;
	}

	/**
	 * Set the class loader of the value classes.
	 * @param classLoader the class loader; {@code null} (the default) for that of the
	 * thread
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder classLoader(@Nullable ClassLoader classLoader) {
		this.classLoader = classLoader;
		return this;
	}

	/**
	 * Add trusted packages. psqache creates objects by the class names in rows only for
	 * classes of trusted packages and for common value types.
	 * @param packages the packages to add, including their sub-packages
	 * @return this builder
	 * @throws IllegalArgumentException if an attacker can misuse classes of a package
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
	 * Set customizers of the mapper that converts values to JSON, for example to add
	 * modules.
	 * @param customizers the customizers, applied in this order
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder jsonMapperCustomizers(List<PsqacheJsonMapperCustomizer> customizers) {
		this.jsonCustomizers = customizers;
		return this;
	}

	/**
	 * Set codecs that replace JSON for the values of some caches.
	 * @param codecs the codecs; at most one may support a cache
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder valueCodecs(List<CacheValueCodec> codecs) {
		this.valueCodecs = codecs;
		return this;
	}

	/**
	 * Set whether each put reads its value back and fails if it differs. For tests.
	 * @param verify whether to verify
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder verifyRoundTrip(boolean verify) {
		this.verifyRoundTrip = verify;
		return this;
	}

	/**
	 * Add immutable classes, whose objects a near cache shares among callers.
	 * @param types the classes to add; their subclasses are not included
	 * @return this builder
	 */
	public PostgresCacheManagerBuilder immutableTypes(Collection<Class<?>> types) {
		this.immutableTypes = types;
		return this;
	}

	/**
	 * Set the length of the leases of strict near caches. An instance that does not
	 * acknowledge a change of its near entries delays the change by at most this time.
	 * @param length the length, between 100 ms and one minute; 2 s by default
	 * @return this builder
	 * @throws IllegalArgumentException if it is out of range
	 */
	public PostgresCacheManagerBuilder nearLease(Duration length) {
		if (length.compareTo(MIN_LEASE) < 0 || length.compareTo(MAX_LEASE) > 0) {
			throw new IllegalArgumentException(
					"The length of near leases (" + length + ") must be between " + MIN_LEASE + " and " + MAX_LEASE);
		}
		this.nearLease = length;
		return this;
	}

	/**
	 * Set the pace of the sweeper, which deletes unreadable entries, enforces the bounds,
	 * and counts. One instance at a time sweeps a schema.
	 * @param interval the pause between two steps while little is to be deleted; one
	 * second by default
	 * @param pages the maximum number of 8 KB pages per step; 1,000 by default
	 * @return this builder
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
	 * Disable the background sweeper of this instance. Other instances, or
	 * {@link PostgresCacheManager#cleanup()}, sweep instead.
	 * @return this builder
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
	 * Build the cache manager: open the pool, and create or check the schema.
	 * @return the cache manager, which the caller closes
	 * @throws CacheStartupException if a setting is wrong or the schema cannot be
	 * created, or if the database is unreachable and {@link #failFast(boolean)} is set
	 */
	public PostgresCacheManager build() {
		return build(CacheBackend.open(this));
	}

	/**
	 * Build the cache manager with an open backend.
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
