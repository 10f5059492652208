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

import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

import io.psqache.benchmarks.consistency.Judge.Reading;

import org.springframework.dao.ConcurrencyFailureException;

/**
 * Executes random operations in one instance. The operations depend only on the seed, not
 * on the cache. Not thread-safe.
 */
final class Caller {

	private final ApplicationInstance instance;

	private final Load load;

	private final Judge judge;

	private final Random random;

	Caller(ApplicationInstance instance, Load load, Judge judge, Random random) {
		this.instance = instance;
		this.load = load;
		this.judge = judge;
		this.random = random;
	}

	/**
	 * Of 100 operations, 12 change rows in transactions, and at least 78 only read.
	 */
	void operate() {
		int id = this.random.nextInt(Items.COUNT);
		int kind = this.random.nextInt(100);
		boolean everything = this.load != Load.EVICTIONS;
		if (kind < 12) {
			change(id);
		}
		else if (kind < 15 && everything) {
			changeRepeatably(id);
		}
		else if (kind < 18 && everything) {
			this.instance.transaction().executeWithoutResult((status) -> read(id));
		}
		else if (kind < 19 && everything) {
			readFromSnapshot(id);
		}
		else if (kind < 22 && this.load == Load.SQL) {
			this.judge.committed(id, this.instance.items().change(id));
		}
		else {
			read(id);
		}
	}

	/**
	 * Change rows: some changes are rolled back, some are slow, and some include two
	 * rows. All callers lock rows in the same order.
	 */
	private void change(int id) {
		int second = (this.random.nextInt(4) == 0) ? this.random.nextInt(id, Items.COUNT) : id;
		boolean rollback = this.random.nextInt(10) < 2;
		ToLongFunction<Integer> change = change(this.random.nextInt(20) == 0, this.random.nextInt(4) == 0);
		boolean look = this.random.nextInt(4) == 0 && this.load != Load.EVICTIONS;
		long delay = (this.random.nextInt(4) == 0) ? this.random.nextInt(2_000_000) : 0;
		long[] versions = new long[2];
		this.instance.transaction().executeWithoutResult((status) -> {
			versions[0] = change.applyAsLong(id);
			versions[1] = (second != id) ? this.instance.items().changeAndEvict(second) : versions[0];
			if (look) {
				this.judge.endOwn(this.instance.version(id, false), versions[0]);
			}
			LockSupport.parkNanos(delay);
			if (rollback) {
				status.setRollbackOnly();
			}
		});
		ended(id, versions[0], rollback);
		ended(second, versions[1], rollback);
	}

	private ToLongFunction<Integer> change(boolean clear, boolean put) {
		Items items = this.instance.items();
		if (this.load == Load.EVICTIONS) {
			return items::changeAndEvict;
		}
		return clear ? items::changeAndClear : put ? items::changeAndPut : items::changeAndEvict;
	}

	private void ended(int id, long version, boolean rollback) {
		if (rollback) {
			this.judge.rolledBack(version);
		}
		else {
			this.judge.committed(id, version);
		}
	}

	private void changeRepeatably(int id) {
		try {
			long[] version = new long[1];
			this.instance.repeatable().executeWithoutResult((status) -> {
				this.instance.version(0, false);
				version[0] = this.instance.items().changeAndEvict(id);
			});
			this.judge.committed(id, version[0]);
		}
		catch (ConcurrencyFailureException ex) {
			// Another transaction has changed the row: REPEATABLE READ refuses this
			// change.
		}
	}

	/**
	 * Read in a snapshot, in which an older version is correct.
	 */
	private void readFromSnapshot(int id) {
		Reading reading = this.judge.begin(id);
		this.instance.repeatable().executeWithoutResult((status) -> {
			this.instance.items().stored(0);
			LockSupport.parkNanos(1_000_000);
			this.judge.end(reading, this.instance.version(id, false));
		});
	}

	/**
	 * Read through the cache. A third of the reads query the table first. A version may
	 * thus be known as committed before its own transaction reports it.
	 */
	private void read(int id) {
		boolean look = this.random.nextInt(3) == 0;
		boolean shared = this.random.nextInt(4) == 0;
		if (look) {
			this.judge.committed(id, this.instance.items().stored(id));
		}
		Reading reading = this.judge.begin(id);
		this.judge.end(reading, this.instance.version(id, shared));
	}

}
