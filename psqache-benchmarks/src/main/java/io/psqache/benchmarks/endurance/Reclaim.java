package io.psqache.benchmarks.endurance;

import java.time.Duration;

/**
 * Sees when the entries of a cleared cache are deleted, and when vacuum has made their
 * space free for others.
 */
final class Reclaim {

	private static final Duration GLANCE = Duration.ofSeconds(1);

	/**
	 * Page headers and the free space map's rounding never show as free.
	 */
	private static final double NEARLY_ALL = 0.9;

	private static final String LAST_LEFT = """
			select key
			from psqache.entry
			where cache_id = (select min(cache_id) from public.sample)
			order by key desc
			limit 1
			""";

	private final Database database;

	private final Journal journal;

	private final boolean isMapReadable;

	Reclaim(Database database, Journal journal) {
		this.database = database;
		this.journal = journal;
		this.isMapReadable = database
			.number("select count(*) from pg_available_extensions where name = 'pg_freespacemap'") > 0;
		if (this.isMapReadable) {
			database.execute("create extension if not exists pg_freespacemap");
		}
	}

	/**
	 * Watch until the space is free.
	 * @param before the state before the clear
	 * @param limit when to give up
	 * @param bound seconds that it may take
	 */
	void await(TableState before, Duration limit, double bound) throws InterruptedException {
		double deleted = Patience.await(limit, GLANCE, () -> isDeleted(before));
		this.journal.figure("until every entry was deleted", deleted, "s");
		double free = Patience.await(limit, GLANCE, () -> isFree(before));
		TableState after = this.database.state();
		this.journal.figure("until the space was free, after that", free, "s");
		this.journal.count("rows deleted", after.deleted() - before.deleted());
		this.journal.count("autovacuums", after.autovacuums() - before.autovacuums());
		this.journal.figure("table before", before.tableBytes() / 1e6, "MB");
		this.journal.figure("table after", after.tableBytes() / 1e6, "MB");
		if (!this.isMapReadable) {
			this.journal.remark("pg_freespacemap is not there: space counts as free when autovacuum has been there "
					+ "and next to no row is dead");
		}
		this.journal.judge("clear(): the space can be used again", "<= 5 min", Text.seconds(deleted + free),
				deleted + free <= bound);
	}

	private boolean isDeleted(TableState before) {
		TableState state = this.database.state();
		this.journal.say("%,d rows deleted, %,d dead", state.deleted() - before.deleted(), state.dead());
		return this.database.text(LAST_LEFT) == null;
	}

	private boolean isFree(TableState before) {
		TableState state = this.database.state();
		if (this.isMapReadable) {
			long free = this.database.number("select sum(avail)::bigint from pg_freespace('psqache.entry')");
			this.journal.say("%,d MB free in a table of %,d MB, %,d rows dead", free / 1_000_000,
					state.tableBytes() / 1_000_000, state.dead());
			return free >= NEARLY_ALL * this.database.number("select pg_relation_size('psqache.entry')");
		}
		return state.autovacuums() > before.autovacuums() && state.dead() * 20 < state.deleted() - before.deleted();
	}

}
