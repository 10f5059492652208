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

package io.psqache.benchmarks.consistency;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Cached rows that contain only a version. Each change uses the next number of a
 * sequence, so a version that was rolled back never occurs again. Thread-safe.
 */
class Items {

	/**
	 * The number of rows, which is small so that callers contend for them.
	 */
	static final int COUNT = 12;

	static final String SCHEMA = """
			create sequence item_version;
			create table item (id int primary key, version bigint not null);
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
		return load(id);
	}

	@Cacheable(cacheNames = "items", sync = true)
	public long sharedVersion(int id) {
		return load(id);
	}

	/**
	 * Load a row. This takes 0, 1 or 2 ms longer than the query, depending on the row.
	 */
	private long load(int id) {
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
	 * Change a row only by SQL.
	 */
	public long change(int id) {
		return this.jdbc.sql(UPDATE).param(id).query(Long.class).single();
	}

	public long stored(int id) {
		return this.jdbc.sql(SELECT).param(id).query(Long.class).single();
	}

	public long loads() {
		return this.loads.sum();
	}

}
