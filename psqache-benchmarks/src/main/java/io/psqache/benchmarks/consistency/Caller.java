package io.psqache.benchmarks.consistency;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

import io.psqache.benchmarks.consistency.Judge.Reading;

import org.springframework.dao.ConcurrencyFailureException;

/**
 * Draws operations and does them in one instance, one after the other. What is drawn
 * depends on the seed only: not on the cache, and not on what is read. Not thread-safe.
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
	 * Of 100 operations 12 change rows in transactions, and 81 or more only read.
	 */
	void operate() {
		int id = this.random.nextInt(Items.COUNT);
		int kind = this.random.nextInt(100);
		if (kind < 12) {
			change(id);
		}
		else if (kind < 15 && this.load != Load.EVICTIONS) {
			changeAlone(id);
		}
		else if (kind < 18 && this.load != Load.EVICTIONS) {
			this.instance.transaction().executeWithoutResult((status) -> read(id));
		}
		else if (kind < 19 && this.load != Load.EVICTIONS) {
			readFromASnapshot(id);
		}
		else if (kind < 22 && this.load == Load.SQL) {
			this.judge.history(id).committed(this.instance.items().change(id));
		}
		else {
			read(id);
		}
	}

	/**
	 * Some are rolled back, some are slow, some change two rows; rows are locked in the
	 * same order by all.
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
		if (clear && this.load != Load.EVICTIONS) {
			return items::changeAndClear;
		}
		return (put && this.load != Load.EVICTIONS) ? items::changeAndPut : items::changeAndEvict;
	}

	private void ended(int id, long version, boolean rollback) {
		History history = this.judge.history(id);
		if (rollback) {
			history.rolledBack(version);
		}
		else {
			history.committed(version);
		}
	}

	/**
	 * By REPEATABLE READ, of a row that nobody else changes meanwhile.
	 */
	private void changeAlone(int id) {
		try {
			long[] version = new long[1];
			this.instance.repeatable().executeWithoutResult((status) -> {
				this.instance.version(0, false);
				version[0] = this.instance.items().changeAndEvict(id);
			});
			this.judge.history(id).committed(version[0]);
		}
		catch (ConcurrencyFailureException ex) {
			// Someone else has changed the row: that is REPEATABLE READ.
		}
	}

	/**
	 * It may be as old as the snapshot, and is loaded from that if it is not cached.
	 */
	private void readFromASnapshot(int id) {
		Reading reading = this.judge.begin(id);
		this.instance.repeatable().executeWithoutResult((status) -> {
			this.instance.items().stored(0);
			LockSupport.parkNanos(1_000_000);
			this.judge.end(reading, this.instance.version(id, false));
		});
	}

	/**
	 * Some look into the database before: then it is known what is committed, even if
	 * whoever did it has not yet been told.
	 */
	private void read(int id) {
		boolean look = this.random.nextInt(3) == 0;
		boolean shared = this.random.nextInt(4) == 0;
		if (look) {
			this.judge.history(id).committed(this.instance.items().stored(id));
		}
		Reading reading = this.judge.begin(id);
		this.judge.end(reading, this.instance.version(id, shared));
	}

}
