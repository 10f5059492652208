package io.psqache.store;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is to happen to one cache with the commit of a transaction.
 *
 * @param cache the cache
 * @param cleared whether all that was in it goes, before the rest
 * @param evicted the keys of entries that go
 * @param entries what is written, by key; of a key that is evicted as well, if its fence
 * lets it
 */
public record CacheChanges(CacheHandle cache, boolean cleared, Set<String> evicted, Map<String, NewEntry> entries) {

	/**
	 * The same without anything that is written. What was to take the place of an older
	 * entry evicts it.
	 * @return what is removed
	 */
	public CacheChanges removals() {
		Set<String> removed = new TreeSet<>(this.evicted);
		this.entries.forEach((key, entry) -> {
			if (entry.fence() == null) {
				removed.add(key);
			}
		});
		return new CacheChanges(this.cache, this.cleared, removed, Map.of());
	}

	/**
	 * The same without what was loaded after a miss.
	 * @return what is not fenced
	 */
	public CacheChanges unfenced() {
		Map<String, NewEntry> unfenced = new TreeMap<>(this.entries);
		unfenced.values().removeIf((entry) -> entry.fence() != null);
		return new CacheChanges(this.cache, this.cleared, this.evicted, unfenced);
	}

	/**
	 * Drop the copies in this process that they have made out of date. Others are told
	 * with the commit.
	 */
	public void dropCopies() {
		if (this.cleared) {
			this.cache.changedHere(null);
			return;
		}
		this.evicted.forEach(this.cache::changedHere);
		this.entries.keySet().forEach(this.cache::changedHere);
	}

	/**
	 * Nobody knows whether they were committed, or are yet to be: drop copies as if they
	 * were, and once more when it must be over.
	 */
	public void doubt() {
		if (this.cleared) {
			this.cache.changed(null, false);
			return;
		}
		this.evicted.forEach((key) -> this.cache.changed(key, false));
		this.entries.keySet().forEach((key) -> this.cache.changed(key, false));
	}

	/**
	 * Whether there is anything in it.
	 * @return whether it changes nothing
	 */
	public boolean isEmpty() {
		return !this.cleared && this.evicted.isEmpty() && this.entries.isEmpty();
	}

}
