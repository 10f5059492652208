package io.psqache.benchmarks.consistency;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What was counted of one cache under one load.
 *
 * @param setup the cache
 * @param reads how many reads were judged
 * @param hits part of all reads that the cache answered, 0 to 1
 * @param stale how many found what was older than what was committed before
 * @param longestMillis how long that had been out of date, at the most
 * @param rolledBack how many found what was rolled back
 * @param ownUnseen how many did not find what their own transaction had written
 * @param wrongAtRest how many keys were not as in the database when nobody had changed
 * any for a while
 * @param lookedAtRest how many keys were looked at for that
 * @param failure why there are no figures, {@code null} if there are
 */
public record Outcome(CacheSetup setup, long reads, double hits, long stale, double longestMillis, long rolledBack,
		long ownUnseen, int wrongAtRest, int lookedAtRest, @Nullable String failure) {

	static final List<String> COLUMNS = List.of("", "reads", "hits", "stale reads", "of 100,000", "longest, ms",
			"rolled back", "own change unseen", "keys wrong at rest");

	static Outcome failed(CacheSetup setup, Exception failure) {
		return new Outcome(setup, 0, 0, 0, 0, 0, 0, 0, 0, failure.toString());
	}

	double staleOf100000() {
		return (this.reads > 0) ? 100_000.0 * this.stale / this.reads : 0;
	}

	/**
	 * The cells of its row.
	 */
	List<String> cells() {
		if (this.failure != null) {
			return List.of(this.setup.description(), "**failed**: " + this.failure);
		}
		return List.of(this.setup.description(), number("%,d", this.reads), number("%.0f %%", 100 * this.hits),
				number("%,d", this.stale), number("%,.0f", staleOf100000()),
				(this.stale > 0) ? number("%,.1f", this.longestMillis) : "-", number("%,d", this.rolledBack),
				number("%,d", this.ownUnseen), number("%d of %d", this.wrongAtRest, this.lookedAtRest));
	}

	private static String number(String format, Object... numbers) {
		return String.format(Locale.ROOT, format, numbers);
	}

}
