package io.psqache.benchmarks.endurance;

/**
 * Fills a table by SQL, since five million puts would take too long. What it writes is
 * what psqache has written: it puts some entries and copies their values and type. Not
 * thread-safe.
 */
final class Preload {

	/**
	 * Ages are spread over twenty days, and entries were used at some time since they
	 * were written, but always the same ones: chance would differ from run to run.
	 */
	private static final String FILL = """
			insert into psqache.entry
			  (cache_id, key, epoch, value, payload, type, written_at, used_at, expires_at, live_until)
			select s.cache_id, '"' || ${prefix} || lpad(n::text, 9, '0') || '"', c.epoch, s.value, s.payload, s.type,
			  t.written_at, now() - (now() - t.written_at) * ((n * 31) % 100) / 100.0, t.expires_at, t.expires_at
			from generate_series(${from}, ${to} - 1) n
			join public.sample s on s.number = n % (select count(*)::int from public.sample)
			join psqache.cache c on c.id = s.cache_id
			cross join lateral (
			  select now() - (n::bigint * 7919 % 1728000) * interval '1 second' as written_at
			) w
			cross join lateral (
			  select w.written_at, coalesce(${expires_at}, w.written_at + interval '28 days') as expires_at
			) t
			""";

	private static final int SAMPLES = 64;

	private final Database database;

	/**
	 * Prepare it.
	 * @param database has to be empty
	 * @param values what the entries hold
	 */
	Preload(Database database, Values values) {
		this.database = database;
		try (Instance instance = database.open(Sweeper.OFF)) {
			for (int sample = 0; sample < SAMPLES; sample++) {
				instance.cache().put(key("sample:", sample), values.value(sample));
			}
		}
		database.execute("""
				create table public.sample as
				select row_number() over (order by key)::int - 1 as number, cache_id, value, payload, type
				from psqache.entry
				""");
		database.execute("truncate psqache.entry");
		database.execute("analyze public.sample");
		if (database.number("select count(*) from public.sample") != SAMPLES) {
			throw new IllegalStateException("The samples were not stored");
		}
	}

	/**
	 * A key whose number has nine digits, so that the order of the keys is that of the
	 * numbers.
	 */
	static String key(String prefix, int number) {
		return prefix + String.valueOf(1_000_000_000 + number).substring(1);
	}

	/**
	 * Add entries that live on.
	 * @param prefix what their keys begin with
	 * @param from the first number
	 * @param to the number behind the last
	 */
	void fill(String prefix, int from, int to) {
		fill("'" + prefix + "'", "null::timestamptz", from, to);
	}

	/**
	 * Add entries, in the order of their numbers.
	 * @param prefix an expression for what the key begins with, of the number {@code n}
	 * @param expiresAt an expression for when it expires, {@code null} for the usual time
	 * @param from the first number
	 * @param to the number behind the last
	 */
	void fill(String prefix, String expiresAt, int from, int to) {
		this.database.execute(FILL.replace("${prefix}", prefix)
			.replace("${expires_at}", expiresAt)
			.replace("${from}", String.valueOf(from))
			.replace("${to}", String.valueOf(to)));
	}

}
