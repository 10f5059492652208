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

package io.psqache.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.psqache.NearCoherence;
import io.psqache.SingleFlightScope;
import io.psqache.Storage;
import io.psqache.TableWatch;
import io.psqache.TransactionMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties of psqache.
 *
 * @param enabled Whether psqache configures a cache manager.
 * @param schema Schema that contains psqache's tables. An identifier of letters, digits
 * and underscores.
 * @param namespace Name that separates the caches of applications in the same schema. By
 * default, the name of the application.
 * @param migrate Whether psqache creates and migrates its schema at startup. Otherwise,
 * psqache only checks that the schema exists and is correct.
 * @param failFast Whether startup fails if the cache's database is unreachable.
 * Otherwise, the application starts without a cache, and caching starts when the database
 * becomes reachable.
 * @param unlogged Whether the table of the entries is UNLOGGED. Writes are much faster,
 * but the table is empty after a crash of the server.
 * @param timeout Time that a caller waits for PostgreSQL. After the timeout, a read is a
 * miss, and a put may be dropped.
 * @param tombstoneRetention Time for which tombstones of evictions are kept. A value
 * whose load takes longer is not cached. All applications that share the schema must use
 * the same value.
 * @param tombstones Removed: renamed to tombstoneRetention.
 * @param transactions When cache changes within a transaction take effect. By default,
 * with the commit if the cache is in the database of the application's DataSource,
 * otherwise right after it.
 * @param requireEvictions Whether a transaction fails if its evictions cannot be written.
 * Otherwise, out-of-date entries may stay, and the failure is logged and counted.
 * @param trustedPackages Packages whose classes may be read back from the cache,
 * including their sub-packages, in addition to those of the application.
 * @param verifyRoundTrip Whether each value is read back before it is stored. A put
 * throws an exception with the differences if the value that is read back differs. For
 * development and tests.
 * @param pool psqache's own connection pool.
 * @param datasource A separate database for the cache.
 * @param sweep The pace of the sweeper.
 * @param near Settings of all near caches.
 * @param watch Tables of the application whose row changes evict entries, whichever
 * client makes them.
 * @param defaults Settings of caches that do not set them.
 * @param caches Settings of single caches, by name. The defaults apply to settings that a
 * cache does not set.
 */
@ConfigurationProperties("psqache")
public record PsqacheProperties(@DefaultValue("true") boolean enabled, @DefaultValue("psqache") String schema,
		@Nullable String namespace, @DefaultValue("true") boolean migrate, boolean failFast,
		@DefaultValue("true") boolean unlogged, @DefaultValue("500ms") Duration timeout,
		@DefaultValue("5m") Duration tombstoneRetention, @Nullable String tombstones,
		@Nullable TransactionMode transactions, @DefaultValue("true") boolean requireEvictions,
		@DefaultValue List<String> trustedPackages, boolean verifyRoundTrip, @DefaultValue Pool pool,
		@DefaultValue Datasource datasource, @DefaultValue Sweep sweep, @DefaultValue NearTypes near,
		@DefaultValue List<Watch> watch, @DefaultValue Cache defaults, @DefaultValue Map<String, Cache> caches) {

	/**
	 * psqache's own connection pool.
	 *
	 * @param maximumSize Maximum number of connections of the cache.
	 */
	public record Pool(@DefaultValue("4") int maximumSize) {

	}

	/**
	 * A separate database for the cache.
	 *
	 * @param url JDBC URL of the cache's database. By default, that of the application.
	 * @param username Login username of the cache's database.
	 * @param password Login password of the cache's database.
	 */
	public record Datasource(@Nullable String url, @Nullable String username, @Nullable String password) {

		/**
		 * Omit the password and the URL, which may also contain the password.
		 */
		@Override
		public String toString() {
			return "Datasource[username=" + this.username + "]";
		}

	}

	/**
	 * The pace of the sweeper.
	 *
	 * @param interval Time between two steps of the sweeper, which deletes expired
	 * entries and enforces the bounds of caches. The sweeper shortens it while there is
	 * much to delete.
	 * @param pages Maximum number of pages of 8 KB that a step of the sweeper reads.
	 */
	public record Sweep(@DefaultValue("1s") Duration interval, @DefaultValue("1000") int pages) {

	}

	/**
	 * A watched table.
	 *
	 * @param table Name of the table as in SQL, with its schema if that is not on the
	 * search path.
	 * @param cache Name of the cache.
	 * @param key Names of the key columns, as in SQL and in the order of the key.
	 * @param clear Whether any change clears the cache.
	 * @param maxRows Maximum number of changed rows for which a statement evicts each
	 * key. Above it, the statement clears the cache.
	 */
	public record Watch(@DefaultValue("") String table, @DefaultValue("") String cache, @DefaultValue List<String> key,
			boolean clear, @DefaultValue("" + TableWatch.DEFAULT_MAX_ROWS) int maxRows) {

	}

	/**
	 * Settings of all near caches.
	 *
	 * @param immutableTypes Immutable classes, in addition to common ones. Near caches
	 * share one object of such a class among callers. Subclasses are not included.
	 * @param lease Maximum time by which an unresponsive instance with strict near
	 * entries delays a change. All instances must use the same value.
	 */
	public record NearTypes(@DefaultValue List<String> immutableTypes, @DefaultValue("2s") Duration lease) {

	}

	/**
	 * Settings of a cache; {@code null} if not set.
	 *
	 * @param timeToLive Time from the write of an entry to its expiry. Zero if entries
	 * never expire.
	 * @param timeToIdle Time from the last read of an entry to its expiry. Zero means no
	 * limit, as by default.
	 * @param jitter Maximum fraction, 0 to 0.5, by which the lifetime of each entry is
	 * randomly shortened.
	 * @param cacheNullValues Whether null results are cached.
	 * @param storage Column type of the values: JSONB, which SQL can query, or bytes.
	 * @param writes Removed: a put returns when its entry is stored.
	 * @param maxEntries Maximum number of entries, over all instances, which the sweeper
	 * enforces. Zero means no bound, as by default.
	 * @param maxSize Maximum size of the entries as stored, over all instances, which the
	 * sweeper enforces. Zero means no bound, as by default.
	 * @param type Java type of the values, including type arguments. By default, the
	 * return type of the methods that fill the cache, if they agree.
	 * @param singleFlight Scope in which callers share one load of a key: each instance,
	 * or all instances.
	 * @param freshFor Age at which an entry becomes stale. Readers still receive a stale
	 * entry, and one of them refreshes it. Shorter than the time-to-live. Zero means
	 * never, as by default.
	 * @param refreshAhead Factor that determines how early an entry may be refreshed at
	 * random: 0 means never, 1 is usual, and larger values refresh earlier.
	 * @param staleIfError Time for which an expired entry is kept, to be returned if its
	 * load fails or takes too long. Zero means not at all, as by default.
	 * @param loadTimeout Times that callers wait for a load.
	 * @param near Settings of the near cache.
	 */
	public record Cache(@Nullable Duration timeToLive, @Nullable Duration timeToIdle, @Nullable Double jitter,
			@Nullable Boolean cacheNullValues, @Nullable Storage storage, @Nullable String writes,
			@Nullable Long maxEntries, @Nullable DataSize maxSize, @Nullable String type,
			@Nullable SingleFlightScope singleFlight, @Nullable Duration freshFor, @Nullable Double refreshAhead,
			@Nullable Duration staleIfError, @DefaultValue LoadTimeout loadTimeout, @DefaultValue Near near) {

		/**
		 * Settings of a near cache; {@code null} if not set.
		 *
		 * @param enabled Whether this instance keeps near entries in memory, which are
		 * dropped when an entry changes.
		 * @param coherence Whether a read of a near entry may miss commits of the last
		 * milliseconds (eventual), or never misses a commit (strict).
		 * @param maxEntries Maximum number of near entries.
		 * @param maxSize Maximum size of the near entries, as stored in the database.
		 * Zero means any size, as by default.
		 * @param timeToLive Maximum lifetime of a near entry.
		 */
		public record Near(@Nullable Boolean enabled, @Nullable NearCoherence coherence, @Nullable Long maxEntries,
				@Nullable DataSize maxSize, @Nullable Duration timeToLive) {

		}

		/**
		 * Times that callers wait for a load; {@code null} if not set.
		 *
		 * @param soft Time that a caller waits for a load before it receives the expired
		 * value, if one is kept. Zero means no limit, as by default.
		 * @param hard Time that a caller waits for a load before it receives an
		 * exception. Zero means no limit, as by default.
		 */
		public record LoadTimeout(@Nullable Duration soft, @Nullable Duration hard) {

		}

	}

}
