package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.time.Instant;

/**
 * Which entries expire together, a twentieth of all in each of four waves: three of them
 * are blocks that lie together in the table, and the last is scattered over the rest.
 * Keys begin with the name of their wave, so that what is left of it can be asked for
 * without counting.
 *
 * @param entries how many there are in all
 * @param apart the time between two waves
 */
record Waves(int entries, Duration apart) {

	static final int COUNT = 4;

	private static final int CHUNKS = 20;

	private static final int SCATTERED = COUNT - 1;

	/**
	 * Of the chunks between the blocks, one entry in so many is in the scattered wave.
	 */
	private static final int ONE_IN = 16;

	private static final int LIVING = -1;

	/**
	 * Entries in a twentieth; the first twentieth is in no wave.
	 */
	int chunk() {
		return this.entries / CHUNKS;
	}

	/**
	 * The wave of an entry, or a negative number if it lives on.
	 */
	int waveOf(int number) {
		return switch (number / chunk()) {
			case 0 -> LIVING;
			case 2 -> 0;
			case 8 -> 1;
			case 14 -> 2;
			default -> (number % ONE_IN == 0) ? SCATTERED : LIVING;
		};
	}

	String key(int number) {
		int wave = waveOf(number);
		return Preload.key((wave < 0) ? "live:" : "wave:" + wave + ":", number);
	}

	/**
	 * An entry that lives on.
	 * @param draw number of the draw
	 */
	int living(long draw) {
		int number = Scatter.draw(draw, this.entries);
		for (long again = 1; waveOf(number) >= 0; again++) {
			number = Scatter.draw(draw + (again << 40), this.entries);
		}
		return number;
	}

	/**
	 * As {@link #waveOf}, in SQL.
	 */
	private String wave() {
		return """
				(case when n / %1$d = 0 then null when n / %1$d = 2 then 0 when n / %1$d = 8 then 1
				  when n / %1$d = 14 then 2 when n %% %2$d = 0 then %3$d end)""".formatted(chunk(), ONE_IN, SCATTERED);
	}

	String prefixSql() {
		return "coalesce('wave:' || " + wave() + " || ':', 'live:')";
	}

	String expirySql(Instant first) {
		return "timestamptz '%s' + %s * interval '%d milliseconds'".formatted(first, wave(), this.apart.toMillis());
	}

	Instant expiry(int wave, Instant first) {
		return first.plus(this.apart.multipliedBy(wave));
	}

	/**
	 * Finds the last entry that is left of a wave. It lies last in the table, too, so
	 * that this does not go over what is deleted.
	 */
	static String lastLeftSql(int wave) {
		return """
				select key
				from psqache.entry
				where cache_id = (select min(cache_id) from public.sample)
				  and key >= '"wave:%1$d:' and key < '"wave:%1$d;'
				order by key desc
				limit 1
				""".formatted(wave);
	}

}
