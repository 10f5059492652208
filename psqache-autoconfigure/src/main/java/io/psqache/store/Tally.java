package io.psqache.store;

import java.time.OffsetDateTime;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What a walk finds of one cache, as it goes along.
 */
final class Tally {

	/**
	 * A cache that is past a bound is brought down to this part of it, so that it is not
	 * past it again with the next put.
	 */
	private static final double KEPT = 0.95;

	private final Bounds bounds;

	private long entries;

	private long bytes;

	private long dead;

	private @Nullable OffsetDateTime writtenFrom;

	private @Nullable OffsetDateTime writtenTo;

	private @Nullable OffsetDateTime usedFrom;

	private final NavigableMap<Integer, AgeClass> ages = new TreeMap<>();

	Tally(Bounds bounds) {
		this.bounds = bounds;
	}

	void add(Find find) {
		if (find.dead()) {
			this.dead += find.entries();
			return;
		}
		this.entries += find.entries();
		this.bytes += find.bytes();
		this.writtenFrom = earlier(this.writtenFrom, find.writtenFrom());
		this.writtenTo = later(this.writtenTo, find.writtenTo());
		this.usedFrom = earlier(this.usedFrom, find.usedFrom());
		if (find.ageClass() != null) {
			this.ages.merge(find.ageClass(), new AgeClass(find.entries(), find.bytes()), AgeClass::plus);
		}
	}

	private static OffsetDateTime earlier(@Nullable OffsetDateTime known, OffsetDateTime found) {
		return (known == null || found.isBefore(known)) ? found : known;
	}

	private static OffsetDateTime later(@Nullable OffsetDateTime known, OffsetDateTime found) {
		return (known == null || found.isAfter(known)) ? found : known;
	}

	/**
	 * How many more entries it may hold, or nearly so: as many as no bound forbids.
	 */
	long room() {
		long average = (this.entries > 0) ? Math.max(1, this.bytes / this.entries) : 1;
		long entriesLeft = (this.bounds.maxEntries() != null) ? this.bounds.maxEntries() - this.entries
				: Long.MAX_VALUE;
		long bytesLeft = (this.bounds.maxBytes() != null) ? (this.bounds.maxBytes() - this.bytes) / average
				: Long.MAX_VALUE;
		return Math.min(entriesLeft, bytesLeft);
	}

	/**
	 * What is to go because of the bounds: from the oldest on, as much as it takes.
	 * @param cacheId the cache
	 * @param since the time that ages are counted from
	 * @return {@code null} if nothing is
	 */
	@Nullable Eviction eviction(int cacheId, String since) {
		if (this.bounds.fullness(this.entries, this.bytes) <= 1) {
			return null;
		}
		double entriesToGo = excess(this.entries, this.bounds.maxEntries());
		double bytesToGo = excess(this.bytes, this.bounds.maxBytes());
		long most = 0;
		int youngest = 0;
		for (int age : this.ages.descendingKeySet()) {
			AgeClass found = this.ages.getOrDefault(age, AgeClass.EMPTY);
			double part = Math.max(entriesToGo / found.entries(), bytesToGo / found.bytes());
			if (part <= 0) {
				break;
			}
			youngest = age;
			most += (long) Math.ceil(Math.min(1, part) * found.entries());
			entriesToGo -= found.entries();
			bytesToGo -= found.bytes();
		}
		return new Eviction(cacheId, since, AgeClass.leastMillis(youngest), most);
	}

	private static double excess(long amount, @Nullable Long bound) {
		return (bound != null) ? amount - KEPT * bound : 0;
	}

	long entries() {
		return this.entries;
	}

	long bytes() {
		return this.bytes;
	}

	long dead() {
		return this.dead;
	}

	@Nullable OffsetDateTime writtenFrom() {
		return this.writtenFrom;
	}

	@Nullable OffsetDateTime writtenTo() {
		return this.writtenTo;
	}

	@Nullable OffsetDateTime usedFrom() {
		return this.usedFrom;
	}

	/**
	 * Entries that were not used for about the same time.
	 *
	 * @param entries their number
	 * @param bytes their size
	 */
	private record AgeClass(long entries, long bytes) {

		private static final AgeClass EMPTY = new AgeClass(0, 0);

		AgeClass plus(AgeClass other) {
			return new AgeClass(this.entries + other.entries, this.bytes + other.bytes);
		}

		/**
		 * The least age of a class.
		 */
		static long leastMillis(int age) {
			return (long) Math.floor(Math.exp(age / 20.0));
		}

	}

}
