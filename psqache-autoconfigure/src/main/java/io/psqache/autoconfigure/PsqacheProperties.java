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
 * @param schema Schema that holds psqache's tables. An identifier: letters, digits and
 * underscores.
 * @param namespace Name that keeps the caches of applications which share a database
 * apart. By default, the name of the application.
 * @param migrate Whether psqache creates and migrates its schema at startup. Otherwise it
 * checks that the schema is there and right.
 * @param failFast Whether the application does not start if the cache's database cannot
 * be reached. Otherwise it starts without its cache, which is used when the database can
 * be reached.
 * @param unlogged Whether the table of entries is UNLOGGED: much faster to write, and
 * empty after a crash of the server.
 * @param timeout How long a caller waits for PostgreSQL. After that a read counts as a
 * miss and a write is dropped.
 * @param tombstoneRetention How long it is remembered that an entry was evicted. A value
 * whose load takes longer is not cached. The same for all applications that share the
 * schema.
 * @param tombstones Removed: it is tombstoneRetention now.
 * @param transactions When what is changed within a transaction takes effect. By default
 * with its commit if the cache is in the database of the application's DataSource, else
 * right after it.
 * @param requireEvictions Whether a transaction fails if what it evicts from caches
 * cannot be written with it. Otherwise stale entries may stay, and the failure is logged
 * and counted.
 * @param trustedPackages Packages whose classes may be read back from the cache, with
 * their sub-packages, in addition to those of the application.
 * @param verifyRoundTrip Whether each value is read back as it is stored. The put of a
 * value that comes back different throws an exception with the differences. For
 * development and tests.
 * @param pool The cache's own connection pool.
 * @param datasource A database of its own for the cache.
 * @param sweep The pace of the sweeper.
 * @param near What all near caches have in common.
 * @param watch Tables of the application whose changes evict, by any client.
 * @param defaults Settings of every cache that does not set them itself.
 * @param caches Settings of single caches, by name. What a cache does not set it takes
 * from the defaults.
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
	 * The cache's own connection pool.
	 *
	 * @param maximumSize Number of connections that the cache opens at most.
	 */
	public record Pool(@DefaultValue("4") int maximumSize) {

	}

	/**
	 * A database of its own for the cache.
	 *
	 * @param url JDBC URL of the cache's database. By default, that of the application.
	 * @param username Login username of the cache's database.
	 * @param password Login password of the cache's database.
	 */
	public record Datasource(@Nullable String url, @Nullable String username, @Nullable String password) {

		/**
		 * Without the password, which may also be in the URL.
		 */
		@Override
		public String toString() {
			return "Datasource[username=" + this.username + "]";
		}

	}

	/**
	 * The pace of the sweeper.
	 *
	 * @param interval Time between two steps of the sweeper, which deletes entries that
	 * have expired and holds the bounds of caches. While there is much to delete it takes
	 * less.
	 * @param pages Number of pages, of 8 KB, that a step of the sweeper looks through at
	 * most.
	 */
	public record Sweep(@DefaultValue("1s") Duration interval, @DefaultValue("1000") int pages) {

	}

	/**
	 * A table that is watched.
	 *
	 * @param table Name of the table as in SQL, with its schema if that is not on the
	 * search path.
	 * @param cache Name of the cache.
	 * @param key Names of the columns that are the key of an entry, as in SQL and in the
	 * order of the key.
	 * @param clear Whether any change clears the cache.
	 * @param maxRows Number of rows that a statement may change before it clears the
	 * cache instead of evicting each key.
	 */
	public record Watch(@DefaultValue("") String table, @DefaultValue("") String cache, @DefaultValue List<String> key,
			boolean clear, @DefaultValue("" + TableWatch.DEFAULT_MAX_ROWS) int maxRows) {

	}

	/**
	 * What all near caches have in common.
	 *
	 * @param immutableTypes Classes, besides those that are known, whose objects cannot
	 * be changed: near caches hand out one object to all callers. Subclasses do not
	 * count.
	 * @param lease Longest delay of a change by an instance with strict near entries that
	 * does not answer. The same for all instances.
	 */
	public record NearTypes(@DefaultValue List<String> immutableTypes, @DefaultValue("2s") Duration lease) {

	}

	/**
	 * Settings of a cache. What is {@code null} is not set.
	 *
	 * @param timeToLive Age limit of an entry from its write. Zero means that it never
	 * expires.
	 * @param timeToIdle Age limit of an entry from its last read. Zero means none, as by
	 * default.
	 * @param jitter Fraction, 0 to 0.5, by which the life of each entry is shortened at
	 * random.
	 * @param cacheNullValues Whether a null result is cached.
	 * @param storage How values are kept: as JSONB, which SQL can read into, or as bytes.
	 * @param writes Removed: a put returns when its entry is stored.
	 * @param maxEntries Number of entries, of all instances together, that the sweeper
	 * holds the cache to. Zero means any number, as by default.
	 * @param maxSize Size of the entries as they are stored, of all instances together,
	 * that the sweeper holds the cache to. Zero means any size, as by default.
	 * @param type Java type of the values, generics included. By default, what the
	 * methods return that fill the cache, if they agree.
	 * @param singleFlight Scope in which there is one load of a key at a time: in each
	 * instance, or in all of them together.
	 * @param freshFor Age of an entry after which its readers still get it, while one of
	 * them refreshes it. Shorter than the time-to-live. Zero means none, as by default.
	 * @param refreshAhead How early an entry may be refreshed at random before its time
	 * ends: 0 means not at all, 1 is usual, and more is earlier.
	 * @param staleIfError How long an entry is kept that has expired, to be returned if
	 * its loader fails or takes too long. Zero means not at all, as by default.
	 * @param loadTimeout How long callers wait for a load.
	 * @param near Copies that this process keeps.
	 */
	public record Cache(@Nullable Duration timeToLive, @Nullable Duration timeToIdle, @Nullable Double jitter,
			@Nullable Boolean cacheNullValues, @Nullable Storage storage, @Nullable String writes,
			@Nullable Long maxEntries, @Nullable DataSize maxSize, @Nullable String type,
			@Nullable SingleFlightScope singleFlight, @Nullable Duration freshFor, @Nullable Double refreshAhead,
			@Nullable Duration staleIfError, @DefaultValue LoadTimeout loadTimeout, @DefaultValue Near near) {

		/**
		 * Settings of a near cache. What is {@code null} is not set.
		 *
		 * @param enabled Whether this process keeps copies of the entries that it reads,
		 * which are dropped when an entry changes.
		 * @param coherence Whether reads of near entries may be older than the last
		 * commit by some milliseconds (eventual), or never (strict).
		 * @param maxEntries Number of copies that are kept.
		 * @param maxSize Size of the copies, counted as entries are stored. Zero means
		 * any size, as by default.
		 * @param timeToLive Age limit of a copy.
		 */
		public record Near(@Nullable Boolean enabled, @Nullable NearCoherence coherence, @Nullable Long maxEntries,
				@Nullable DataSize maxSize, @Nullable Duration timeToLive) {

		}

		/**
		 * How long callers wait for a load. What is {@code null} is not set.
		 *
		 * @param soft How long a caller waits for a load before it gets the value that
		 * has expired, if that is kept. Zero means until it ends, as by default.
		 * @param hard How long a caller waits for a load before an exception. Zero means
		 * until it ends, as by default.
		 */
		public record LoadTimeout(@Nullable Duration soft, @Nullable Duration hard) {

		}

	}

}
