package io.psqache.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.psqache.load.SingleFlightScope;
import io.psqache.codec.Storage;
import io.psqache.transaction.TransactionMode;
import io.psqache.watch.TableWatch;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties of psqache.
 */
@ConfigurationProperties("psqache")
public class PsqacheProperties {

	/**
	 * Whether psqache configures a cache manager.
	 */
	private boolean enabled = true;

	/**
	 * Schema that holds psqache's tables. An identifier: letters, digits and underscores.
	 */
	private String schema = "psqache";

	/**
	 * Name that keeps the caches of applications which share a database apart. By
	 * default, the name of the application.
	 */
	private @Nullable String namespace;

	/**
	 * Whether psqache creates and migrates its schema at startup. Otherwise it checks
	 * that the schema is there and right.
	 */
	private boolean migrate = true;

	/**
	 * Whether the table of entries is UNLOGGED: much faster to write, and empty after a
	 * crash of the server.
	 */
	private boolean unlogged = true;

	/**
	 * How long a caller waits for PostgreSQL. After that a read counts as a miss and a
	 * write is dropped.
	 */
	private Duration timeout = Duration.ofMillis(500);

	/**
	 * How long it is remembered that an entry was evicted. A value whose load takes
	 * longer is not cached. The same for all applications that share the schema.
	 */
	private Duration tombstones = Duration.ofMinutes(5);

	/**
	 * When what is changed within a transaction takes effect. By default with its commit
	 * if the cache is in the database of the application's DataSource, else right after
	 * it.
	 */
	private @Nullable TransactionMode transactions;

	/**
	 * Whether a transaction fails if what it evicts from caches cannot be written with
	 * it. Otherwise stale entries may stay, and the failure is logged and counted.
	 */
	private boolean requireEvictions = true;

	/**
	 * Packages whose classes may be read back from the cache, with their sub-packages, in
	 * addition to those of the application.
	 */
	private List<String> trustedPackages = new ArrayList<>();

	/**
	 * Whether each value is read back as it is stored, and an exception with the
	 * differences thrown to whoever puts one that comes back different. For development
	 * and tests.
	 */
	private boolean verifyRoundTrip;

	private final Pool pool = new Pool();

	private final Datasource datasource = new Datasource();

	private final Sweep sweep = new Sweep();

	private final NearTypes near = new NearTypes();

	/**
	 * Tables of the application whose changes evict, whoever makes them.
	 */
	private List<Watch> watch = new ArrayList<>();

	/**
	 * Settings of every cache that does not set them itself.
	 */
	private final Cache defaults = new Cache();

	/**
	 * Settings of single caches, by name. What a cache does not set it takes from the
	 * defaults.
	 */
	private Map<String, Cache> caches = new LinkedHashMap<>();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public String getSchema() {
		return this.schema;
	}

	public void setSchema(String schema) {
		this.schema = schema;
	}

	public @Nullable String getNamespace() {
		return this.namespace;
	}

	public void setNamespace(@Nullable String namespace) {
		this.namespace = namespace;
	}

	public boolean isMigrate() {
		return this.migrate;
	}

	public void setMigrate(boolean migrate) {
		this.migrate = migrate;
	}

	public boolean isUnlogged() {
		return this.unlogged;
	}

	public void setUnlogged(boolean unlogged) {
		this.unlogged = unlogged;
	}

	public Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(Duration timeout) {
		this.timeout = timeout;
	}

	public Duration getTombstones() {
		return this.tombstones;
	}

	public void setTombstones(Duration tombstones) {
		this.tombstones = tombstones;
	}

	public @Nullable TransactionMode getTransactions() {
		return this.transactions;
	}

	public void setTransactions(@Nullable TransactionMode transactions) {
		this.transactions = transactions;
	}

	public boolean isRequireEvictions() {
		return this.requireEvictions;
	}

	public void setRequireEvictions(boolean requireEvictions) {
		this.requireEvictions = requireEvictions;
	}

	public List<String> getTrustedPackages() {
		return this.trustedPackages;
	}

	public void setTrustedPackages(List<String> trustedPackages) {
		this.trustedPackages = trustedPackages;
	}

	public boolean isVerifyRoundTrip() {
		return this.verifyRoundTrip;
	}

	public void setVerifyRoundTrip(boolean verifyRoundTrip) {
		this.verifyRoundTrip = verifyRoundTrip;
	}

	public Pool getPool() {
		return this.pool;
	}

	public Datasource getDatasource() {
		return this.datasource;
	}

	public Sweep getSweep() {
		return this.sweep;
	}

	public List<Watch> getWatch() {
		return this.watch;
	}

	public void setWatch(List<Watch> watch) {
		this.watch = watch;
	}

	public NearTypes getNear() {
		return this.near;
	}

	public Cache getDefaults() {
		return this.defaults;
	}

	public Map<String, Cache> getCaches() {
		return this.caches;
	}

	public void setCaches(Map<String, Cache> caches) {
		this.caches = caches;
	}

	/**
	 * The cache's own connection pool.
	 */
	public static class Pool {

		/**
		 * Number of connections that the cache opens at most.
		 */
		private int maximumSize = 4;

		public int getMaximumSize() {
			return this.maximumSize;
		}

		public void setMaximumSize(int maximumSize) {
			this.maximumSize = maximumSize;
		}

	}

	/**
	 * A database of its own for the cache.
	 */
	public static class Datasource {

		/**
		 * JDBC URL of the cache's database. By default, that of the application.
		 */
		private @Nullable String url;

		/**
		 * Login username of the cache's database.
		 */
		private @Nullable String username;

		/**
		 * Login password of the cache's database.
		 */
		private @Nullable String password;

		public @Nullable String getUrl() {
			return this.url;
		}

		public void setUrl(@Nullable String url) {
			this.url = url;
		}

		public @Nullable String getUsername() {
			return this.username;
		}

		public void setUsername(@Nullable String username) {
			this.username = username;
		}

		public @Nullable String getPassword() {
			return this.password;
		}

		public void setPassword(@Nullable String password) {
			this.password = password;
		}

	}

	/**
	 * The pace of the sweeper.
	 */
	public static class Sweep {

		/**
		 * Time between two steps of the sweeper, which deletes entries that have expired
		 * and holds the bounds of caches. While there is much to delete it takes less.
		 */
		private Duration interval = Duration.ofSeconds(1);

		/**
		 * Number of pages, of 8 KB, that a step of the sweeper looks through at most.
		 */
		private int pages = 1_000;

		public Duration getInterval() {
			return this.interval;
		}

		public void setInterval(Duration interval) {
			this.interval = interval;
		}

		public int getPages() {
			return this.pages;
		}

		public void setPages(int pages) {
			this.pages = pages;
		}

	}

	/**
	 * A table that is watched.
	 */
	public static class Watch {

		/**
		 * Name of the table as in SQL, with its schema if that is not on the search path.
		 */
		private String table = "";

		/**
		 * Name of the cache.
		 */
		private String cache = "";

		/**
		 * Names of the columns that are the key of an entry, as in SQL and in the order
		 * of the key.
		 */
		private List<String> key = new ArrayList<>();

		/**
		 * Whether any change clears the cache.
		 */
		private boolean clear;

		/**
		 * Number of rows that a statement may change before it clears the cache instead
		 * of evicting each key.
		 */
		private int maxRows = TableWatch.DEFAULT_MAX_ROWS;

		public String getTable() {
			return this.table;
		}

		public void setTable(String table) {
			this.table = table;
		}

		public String getCache() {
			return this.cache;
		}

		public void setCache(String cache) {
			this.cache = cache;
		}

		public List<String> getKey() {
			return this.key;
		}

		public void setKey(List<String> key) {
			this.key = key;
		}

		public boolean isClear() {
			return this.clear;
		}

		public void setClear(boolean clear) {
			this.clear = clear;
		}

		public int getMaxRows() {
			return this.maxRows;
		}

		public void setMaxRows(int maxRows) {
			this.maxRows = maxRows;
		}

	}

	/**
	 * What all near caches have in common.
	 */
	public static class NearTypes {

		/**
		 * Classes, besides those that are known, whose objects nobody can change: near
		 * caches hand out one object to all callers. Subclasses do not count.
		 */
		private List<String> immutableTypes = new ArrayList<>();

		public List<String> getImmutableTypes() {
			return this.immutableTypes;
		}

		public void setImmutableTypes(List<String> immutableTypes) {
			this.immutableTypes = immutableTypes;
		}

	}

	/**
	 * Settings of a cache. What is {@code null} is not set.
	 */
	public static class Cache {

		/**
		 * Age limit of an entry from its write. Zero means that it never expires.
		 */
		private @Nullable Duration timeToLive;

		/**
		 * Age limit of an entry from its last read. Zero means none, as by default.
		 */
		private @Nullable Duration timeToIdle;

		/**
		 * Fraction, 0 to 0.5, by which the life of each entry is shortened at random.
		 */
		private @Nullable Double jitter;

		/**
		 * Whether a null result is cached.
		 */
		private @Nullable Boolean cacheNullValues;

		/**
		 * How values are kept: as JSONB, which SQL can read into, or as bytes.
		 */
		private @Nullable Storage storage;

		/**
		 * Removed: a put returns when its entry is stored.
		 */
		private @Nullable String writes;

		/**
		 * Number of entries, of all instances together, that the sweeper holds the cache
		 * to. Zero means any number, as by default.
		 */
		private @Nullable Long maxEntries;

		/**
		 * Size of the entries as they are stored, of all instances together, that the
		 * sweeper holds the cache to. Zero means any size, as by default.
		 */
		private @Nullable DataSize maxSize;

		/**
		 * Java type of the values, generics included. By default, what the methods return
		 * that fill the cache, if they agree.
		 */
		private @Nullable String type;

		/**
		 * Among whom there is one load of a key at a time: in each instance, or in all of
		 * them together.
		 */
		private @Nullable SingleFlightScope singleFlight;

		/**
		 * Age of an entry after which its readers still get it, while one of them has it
		 * loaded anew. Shorter than the time-to-live. Zero means none, as by default.
		 */
		private @Nullable Duration freshFor;

		/**
		 * How early an entry may be loaded anew at random before its time ends: 0 means
		 * not at all, 1 is usual, and more is earlier.
		 */
		private @Nullable Double refreshAhead;

		/**
		 * How long an entry is kept that has expired, to be returned if its loader fails
		 * or takes too long. Zero means not at all, as by default.
		 */
		private @Nullable Duration staleIfError;

		private final LoadTimeout loadTimeout = new LoadTimeout();

		private final Near near = new Near();

		public Near getNear() {
			return this.near;
		}

		public @Nullable Duration getTimeToLive() {
			return this.timeToLive;
		}

		public void setTimeToLive(@Nullable Duration timeToLive) {
			this.timeToLive = timeToLive;
		}

		public @Nullable Duration getTimeToIdle() {
			return this.timeToIdle;
		}

		public void setTimeToIdle(@Nullable Duration timeToIdle) {
			this.timeToIdle = timeToIdle;
		}

		public @Nullable Double getJitter() {
			return this.jitter;
		}

		public void setJitter(@Nullable Double jitter) {
			this.jitter = jitter;
		}

		public @Nullable Boolean getCacheNullValues() {
			return this.cacheNullValues;
		}

		public void setCacheNullValues(@Nullable Boolean cacheNullValues) {
			this.cacheNullValues = cacheNullValues;
		}

		public @Nullable Storage getStorage() {
			return this.storage;
		}

		public void setStorage(@Nullable Storage storage) {
			this.storage = storage;
		}

		public @Nullable String getWrites() {
			return this.writes;
		}

		public void setWrites(@Nullable String writes) {
			this.writes = writes;
		}

		public @Nullable Long getMaxEntries() {
			return this.maxEntries;
		}

		public void setMaxEntries(@Nullable Long maxEntries) {
			this.maxEntries = maxEntries;
		}

		public @Nullable DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(@Nullable DataSize maxSize) {
			this.maxSize = maxSize;
		}

		public @Nullable String getType() {
			return this.type;
		}

		public void setType(@Nullable String type) {
			this.type = type;
		}

		public @Nullable SingleFlightScope getSingleFlight() {
			return this.singleFlight;
		}

		public void setSingleFlight(@Nullable SingleFlightScope singleFlight) {
			this.singleFlight = singleFlight;
		}

		public @Nullable Duration getFreshFor() {
			return this.freshFor;
		}

		public void setFreshFor(@Nullable Duration freshFor) {
			this.freshFor = freshFor;
		}

		public @Nullable Double getRefreshAhead() {
			return this.refreshAhead;
		}

		public void setRefreshAhead(@Nullable Double refreshAhead) {
			this.refreshAhead = refreshAhead;
		}

		public @Nullable Duration getStaleIfError() {
			return this.staleIfError;
		}

		public void setStaleIfError(@Nullable Duration staleIfError) {
			this.staleIfError = staleIfError;
		}

		public LoadTimeout getLoadTimeout() {
			return this.loadTimeout;
		}

		/**
		 * Settings of a near cache. What is {@code null} is not set.
		 */
		public static class Near {

			/**
			 * Whether this process keeps copies of the entries that it reads, which are
			 * dropped when an entry changes.
			 */
			private @Nullable Boolean enabled;

			/**
			 * Number of copies that are kept.
			 */
			private @Nullable Long maxEntries;

			/**
			 * Size of the copies, counted as entries are stored. Zero means any size, as
			 * by default.
			 */
			private @Nullable DataSize maxSize;

			/**
			 * Age limit of a copy.
			 */
			private @Nullable Duration timeToLive;

			public @Nullable Boolean getEnabled() {
				return this.enabled;
			}

			public void setEnabled(@Nullable Boolean enabled) {
				this.enabled = enabled;
			}

			public @Nullable Long getMaxEntries() {
				return this.maxEntries;
			}

			public void setMaxEntries(@Nullable Long maxEntries) {
				this.maxEntries = maxEntries;
			}

			public @Nullable DataSize getMaxSize() {
				return this.maxSize;
			}

			public void setMaxSize(@Nullable DataSize maxSize) {
				this.maxSize = maxSize;
			}

			public @Nullable Duration getTimeToLive() {
				return this.timeToLive;
			}

			public void setTimeToLive(@Nullable Duration timeToLive) {
				this.timeToLive = timeToLive;
			}

		}

		/**
		 * How long callers wait for a load. What is {@code null} is not set.
		 */
		public static class LoadTimeout {

			/**
			 * How long a caller waits for a load before it gets the value that has
			 * expired, if that is kept. Zero means until it ends, as by default.
			 */
			private @Nullable Duration soft;

			/**
			 * How long a caller waits for a load before an exception. Zero means until it
			 * ends, as by default.
			 */
			private @Nullable Duration hard;

			public @Nullable Duration getSoft() {
				return this.soft;
			}

			public void setSoft(@Nullable Duration soft) {
				this.soft = soft;
			}

			public @Nullable Duration getHard() {
				return this.hard;
			}

			public void setHard(@Nullable Duration hard) {
				this.hard = hard;
			}

		}

	}

}
