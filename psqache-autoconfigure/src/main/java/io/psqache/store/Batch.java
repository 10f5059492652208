package io.psqache.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What one lane does with one connection: a statement for each kind of operation and
 * cache. Two operations of different kinds on one key never meet in a batch, so that
 * their order is kept; and one that goes alone has a batch of its own.
 */
final class Batch {

	/**
	 * Operations in a batch: the first of them waits for the last.
	 */
	static final int MAX_SIZE = 128;

	/**
	 * What a batch sends, unless a single operation sends more: all of it must be done
	 * within the time limit.
	 */
	static final long MAX_BYTES = 1024 * 1024;

	private final Map<Group, List<Operation<?>>> groups = new LinkedHashMap<>();

	private final Map<Entry, Group> kinds = new HashMap<>();

	private int size;

	private long bytes;

	Batch(Operation<?> first) {
		put(first, Group.of(first), first.key());
	}

	/**
	 * Add an operation if it can be done in the same breath.
	 * @return whether it was added
	 */
	boolean add(Operation<?> operation) {
		String key = operation.key();
		if (this.size == MAX_SIZE || this.kinds.isEmpty() || key == null
				|| this.bytes + operation.bytes() > MAX_BYTES) {
			return false;
		}
		Group group = Group.of(operation);
		Group present = this.kinds.get(new Entry(operation.cache(), key));
		if (present != null && !present.equals(group)) {
			return false;
		}
		put(operation, group, key);
		return true;
	}

	private void put(Operation<?> operation, Group group, @Nullable String key) {
		this.groups.computeIfAbsent(group, (any) -> new ArrayList<>()).add(operation);
		if (key != null) {
			this.kinds.put(new Entry(operation.cache(), key), group);
		}
		this.size++;
		this.bytes += operation.bytes();
	}

	int size() {
		return this.size;
	}

	/**
	 * Whether it is one operation that goes with no other, and may take long.
	 */
	boolean goesAlone() {
		return this.kinds.isEmpty();
	}

	/**
	 * Do it all. A statement that fails is repeated item by item, so that one bad item
	 * fails alone; a connection that fails fails them all.
	 */
	void run(Lane lane) {
		for (List<Operation<?>> operations : this.groups.values()) {
			run(lane, operations);
		}
	}

	/**
	 * Do operations of one kind on one cache.
	 */
	static void run(Lane lane, List<Operation<?>> operations) {
		Throwable broken = lane.broken();
		if (broken != null) {
			operations.forEach((operation) -> operation.fail(broken));
			return;
		}
		try {
			runAll(lane, operations);
		}
		catch (SQLException | RuntimeException ex) {
			lane.failed(ex);
			if (operations.size() > 1 && StoreException.of(ex).failureCause().isOfAnItem()) {
				runEach(lane, operations);
			}
			else {
				operations.forEach((operation) -> operation.fail(ex));
			}
		}
	}

	/**
	 * One after the other, until one fails for another reason than its own: the others
	 * would wait for one time limit each.
	 */
	private static void runEach(Lane lane, List<Operation<?>> operations) {
		Throwable failure = null;
		for (Operation<?> operation : operations) {
			if (operation.answer().isDone()) {
				continue;
			}
			if (failure != null) {
				operation.fail(failure);
				continue;
			}
			try {
				runAll(lane, List.of(operation));
			}
			catch (SQLException | RuntimeException ex) {
				lane.failed(ex);
				operation.fail(ex);
				failure = StoreException.of(ex).failureCause().isOfAnItem() ? null : ex;
			}
		}
	}

	@SuppressWarnings({ "unchecked", "rawtypes" }) // a group holds operations of one
													// class
	private static void runAll(Lane lane, List<Operation<?>> operations) throws SQLException {
		Operation first = operations.get(0);
		first.tell(lane.monitor(), operations.size());
		first.runAll(lane, operations);
	}

	/**
	 * Fail what has no connection to run on.
	 */
	void fail(Throwable failure) {
		this.groups.values().forEach((operations) -> operations.forEach((operation) -> operation.fail(failure)));
	}

	private record Group(Class<?> kind, CacheHandle cache) {

		static Group of(Operation<?> operation) {
			return new Group(operation.getClass(), operation.cache());
		}

	}

	private record Entry(CacheHandle cache, String key) {

	}

}
