package io.psqache.store;

/**
 * The statement that removes entries which can still be read, because there are too many:
 * the sweeper's, and that of a writer who helps.
 */
public final class ExcessSql {

	/**
	 * Where some fence may not have seen who wrote an entry it becomes a tombstone, which
	 * goes later: the row is the evidence that something was overwritten.
	 */
	private static final String REMOVE = """
			with excess as materialized (
			${excess}
			), emptied as (
			  update ${schema}.entry
			  set value = null, payload = null, type = 'evicted', live_until = '-infinity', expires_at = '-infinity'
			  where ctid = any (array(
			    select ctid from excess where pg_visible_in_snapshot(xid, ?::pg_snapshot) is not true
			  ))
			  returning cache_id
			), deleted as (
			  delete from ${schema}.entry
			  where ctid = any (array(
			    select ctid from excess where pg_visible_in_snapshot(xid, ?::pg_snapshot)
			  ))
			  returning cache_id
			)
			select cache_id, count(*) as removed
			from (select cache_id from emptied union all select cache_id from deleted) as gone
			group by cache_id
			""";

	private ExcessSql() {
	}

	/**
	 * Make the statement. Its last two parameters are a {@code pg_snapshot} that every
	 * fence has left behind, twice; {@code null} if none is known.
	 * @param excess a query of the {@code ctid} and {@code xid} of the entries to remove
	 * @return a statement that answers how many were removed of each cache
	 */
	public static String removing(String excess) {
		return REMOVE.replace("${excess}", excess);
	}

}
