package io.psqache.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link Bulk}s of a store: cuts what is asked for many keys into portions,
 * each for one lane and one statement.
 */
final class Bulks {

	private final EntrySql sql;

	private final LanePool lanes;

	private final Requests requests;

	Bulks(EntrySql sql, LanePool lanes, Requests requests) {
		this.sql = sql;
		this.lanes = lanes;
		this.requests = requests;
	}

	Bulk<ReadAnswer> reads(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		List<Operation<ReadAnswer>> reads = new ArrayList<>(keys.size());
		List<Operation<ReadAnswer>> unanswered = new ArrayList<>(keys.size());
		for (String key : keys) {
			Operation<ReadAnswer> read = read(cache, key, timeToIdle, false);
			if (cache.pendingEvictions().contains(key)) {
				read.succeed(ReadAnswer.NONE);
			}
			else {
				unanswered.add(read);
			}
			reads.add(read);
		}
		return this.requests.bulk(reads,
				portions(OperationKind.GET_ALL, cache, unanswered, Bulk.MAX_KEYS, this.lanes.reads()));
	}

	/**
	 * The read of one entry.
	 */
	Operation<ReadAnswer> read(CacheHandle cache, String key, @Nullable Duration timeToIdle, boolean fenced) {
		TouchRule rule = TouchRule.of(timeToIdle, cache.evictionAge());
		if (cache.staleness().told()) {
			return new AgedRead(this.sql, cache, key, fenced, rule);
		}
		return (rule != null) ? new TouchingRead(this.sql, cache, key, fenced, rule, cache.touches())
				: new Read(this.sql, cache, key, fenced);
	}

	/**
	 * Notes that entries were read.
	 */
	Bulk<Boolean> touches(CacheHandle cache, List<String> keys, @Nullable Duration timeToIdle) {
		List<Touch> touches = keys.stream().map((key) -> new Touch(this.sql, cache, key, timeToIdle)).toList();
		return writes(OperationKind.TOUCH, cache, touches, Bulk.MAX_KEYS);
	}

	Bulk<Boolean> puts(CacheHandle cache, Map<String, StoredValue> values, Supplier<Lifetime> lifetimes) {
		List<Put> puts = new ArrayList<>(values.size());
		values.forEach((key, value) -> puts.add(new Put(this.sql, cache, key, new NewEntry(value, lifetimes.get()))));
		return writes(OperationKind.PUT_ALL, cache, puts, Batch.MAX_SIZE);
	}

	/**
	 * Evictions.
	 * @param transactionId the transaction on whose behalf; {@code null} for none
	 */
	Bulk<Boolean> evictions(CacheHandle cache, Set<String> keys, @Nullable String transactionId) {
		List<Evict> evictions = keys.stream().map((key) -> new Evict(this.sql, cache, key, transactionId)).toList();
		return writes(OperationKind.EVICT_ALL, cache, evictions, Bulk.MAX_KEYS);
	}

	/**
	 * A portion takes the lane of its keys, so that the writes of each keep their order.
	 */
	private Bulk<Boolean> writes(OperationKind kind, CacheHandle cache, List<? extends Operation<Boolean>> writes,
			int maxSize) {
		Map<Lanes, List<Operation<Boolean>>> byLane = new LinkedHashMap<>();
		for (Operation<Boolean> write : writes) {
			Lanes lane = this.lanes.writes(Objects.requireNonNull(write.key()));
			byLane.computeIfAbsent(lane, (any) -> new ArrayList<>()).add(write);
		}
		List<Bulk.Portion> portions = new ArrayList<>();
		byLane.forEach((lane, group) -> portions.addAll(portions(kind, cache, group, maxSize, lane)));
		return this.requests.bulk(writes, portions);
	}

	private <T> List<Bulk.Portion> portions(OperationKind kind, CacheHandle cache, List<Operation<T>> items,
			int maxSize, Way way) {
		List<Bulk.Portion> portions = new ArrayList<>();
		int begin = 0;
		while (begin < items.size()) {
			int end = begin;
			long bytes = 0;
			do {
				bytes += items.get(end).bytes();
				end++;
			}
			while (end < items.size() && end - begin < maxSize && bytes + items.get(end).bytes() <= Batch.MAX_BYTES);
			List<Operation<T>> portion = List.copyOf(items.subList(begin, end));
			Request<Boolean> request = this.requests.request(way, new Bundle(kind, cache, portion));
			portions.add(new Bulk.Portion(request, portion, bytes));
			begin = end;
		}
		return portions;
	}

}
