package io.psqache.benchmarks.consistency;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows that have nothing but a version, and the cache before them. Each change takes the
 * next number of a sequence: a version that was rolled back never comes again, so that
 * whoever reads it can be told from whoever reads what is committed. Thread-safe.
 */
class Items {

	/**
	 * How many there are, few so that they are in demand.
	 */
	static final int COUNT = 12;

	static final String MAKE_SEQUENCE = """
			create sequence item_version
			""";

	static final String MAKE_TABLE = """
			create table item (id int primary key, version bigint not null)
			""";

	static final String FILL_TABLE = """
			insert into item
			select id, 0
			from generate_series(0, %d) as id
			""".formatted(COUNT - 1);

	private static final String SELECT = """
			select version
			from item
			where id = ?
			""";

	private static final String UPDATE = """
			update item
			set version = nextval('item_version')
			where id = ?
			returning version
			""";

	private final JdbcClient jdbc;

	private final LongAdder loads = new LongAdder();

	Items(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Cacheable("items")
	public long version(int id) {
		return slowly(id);
	}

	@Cacheable(cacheNames = "items", sync = true)
	public long sharedVersion(int id) {
		return slowly(id);
	}

	/**
	 * What a query with more to do takes: 0, 1 or 2 ms, depending on the row.
	 */
	private long slowly(int id) {
		this.loads.increment();
		long version = stored(id);
		LockSupport.parkNanos((version + id) % 3 * 1_000_000);
		return version;
	}

	@CacheEvict("items")
	public long changeAndEvict(int id) {
		return change(id);
	}

	@CachePut("items")
	public long changeAndPut(int id) {
		return change(id);
	}

	@CacheEvict(cacheNames = "items", allEntries = true)
	public long changeAndClear(int id) {
		return change(id);
	}

	/**
	 * Change a row as someone would who knows nothing of the cache.
	 */
	public long change(int id) {
		return this.jdbc.sql(UPDATE).param(id).query(Long.class).single();
	}

	/**
	 * What the database has.
	 */
	public long stored(int id) {
		return this.jdbc.sql(SELECT).param(id).query(Long.class).single();
	}

	/**
	 * How many reads the cache did not answer.
	 */
	public long loads() {
		return this.loads.sum();
	}

}
