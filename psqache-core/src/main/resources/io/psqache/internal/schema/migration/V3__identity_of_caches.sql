-- Rows of this schema may be deleted by other hands: test cleaners truncate every table, with "restart identity" and in any
-- order, and dumps are restored. No instance may then read the entries of another cache, or what was evicted.

-- The lock waits for each open transaction that has used the tables, and every statement on them waits behind it. So it waits
-- for half a second at a time, and fails after 60 seconds (see version 2).
do $$
declare
  deadline timestamptz := clock_timestamp() + interval '60 seconds';
  holders  text;
begin
  set local lock_timeout = '500ms';
  loop
    begin
      lock table "${flyway:defaultSchema}".cache, "${flyway:defaultSchema}".cache_entry, "${flyway:defaultSchema}".bound_eviction
        in access exclusive mode;
      exit;
    exception when lock_not_available then
      if clock_timestamp() > deadline then
        select string_agg(distinct format('process %s (%s, %s since %s)', coalesce(l.pid::text, 'of a prepared transaction'),
          coalesce(nullif(a.application_name, ''), 'unknown application'), coalesce(a.state, 'unknown state'),
          coalesce(a.state_change::text, 'unknown time')), ', ')
        into holders
        from pg_locks l
        left join pg_stat_activity a on a.pid = l.pid
        where l.relation = any (array['"${flyway:defaultSchema}".cache', '"${flyway:defaultSchema}".cache_entry',
            '"${flyway:defaultSchema}".bound_eviction']::regclass[])
          and l.granted and l.pid is distinct from pg_backend_pid()
          and l.database = (select oid from pg_database where datname = current_database());
        raise exception 'Transactions of older psqache instances have held tables of "${flyway:defaultSchema}" for 60 seconds: %. '
          'End them, by pg_terminate_backend(process) for example, and start again.', coalesce(holders, 'they have just ended')
          using errcode = 'lock_not_available';
      end if;
      perform pg_sleep(0.5);
    end;
  end loop;
  set local lock_timeout to default;
end
$$;

-- Instances remember a row of "cache", and each of their statements names it by its generation, a random number. A row that
-- was deleted and made again has another one: the statement finds no cache, and the instance looks it up. The epoch begins at
-- the present microsecond: entries that were left behind under the same id are of an earlier epoch.
alter table "${flyway:defaultSchema}".cache
  add column generation bigint not null default hashtextextended(gen_random_uuid()::text, 0),
  add unique (generation),
  alter column epoch set default (extract(epoch from clock_timestamp()) * 1000000)::bigint,
  alter column id drop identity;

-- The id comes from the name, so that a cache has the same one after its row was made again: what instances tell each other
-- by ids still reaches the copies of that cache, and figures stay with it. Two names may have the same hash: the second one
-- counts on, and the generation tells the two apart. The lock keeps two instances that make the same cache from failing. An id
-- that is given, as by a dump, stays.
create or replace function "${flyway:defaultSchema}".name_cache() returns trigger
language plpgsql as $$
declare
  attempt int := 0;
begin
  while new.id is null loop
    new.id := 1 + ('x' || left(encode(sha256(convert_to(
      jsonb_build_array(new.namespace, new.name, attempt)::text, 'UTF8')), 'hex'), 8))::bit(32)::bigint % 2147483646;
    perform pg_advisory_xact_lock(7462, new.id);
    if exists (
      select
      from "${flyway:defaultSchema}".cache c
      where c.id = new.id and (c.namespace <> new.namespace or c.name <> new.name)
    ) then
      new.id := null;
    end if;
    attempt := attempt + 1;
  end loop;
  return new;
end
$$;

create trigger name_cache
  before insert on "${flyway:defaultSchema}".cache
  for each row execute function "${flyway:defaultSchema}".name_cache();

-- Rows that are gone refuse no put of a value that was loaded before: tombstones, and those of "bound_eviction". So a new
-- incarnation begins, as after a crash, and the fences of the earlier one let nothing pass. Instances drop their copies. A role
-- that deletes rows may lack the privileges for that: hence security definer.
create or replace function "${flyway:defaultSchema}".rows_lost() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if to_regclass('"${flyway:defaultSchema}".cache') is not null
      and to_regclass('"${flyway:defaultSchema}".incarnation') is not null then
    update "${flyway:defaultSchema}".incarnation
    set id = gen_random_uuid();
    perform "${flyway:defaultSchema}".announce(c.id, null)
    from "${flyway:defaultSchema}".cache c
    where c.near;
  end if;
  return null;
end
$$;
revoke all on function "${flyway:defaultSchema}".rows_lost() from public;

-- Before a truncate: then the rows of "cache" are still there. psqache's own statements delete only rows that no valid fence
-- needs. They name the table "psqache_removed", which is part of the statement: no proxy removes it, as it may a comment.
create trigger rows_truncated
  before truncate on "${flyway:defaultSchema}".cache
  for each statement execute function "${flyway:defaultSchema}".rows_lost();
create trigger rows_truncated
  before truncate on "${flyway:defaultSchema}".cache_entry
  for each statement execute function "${flyway:defaultSchema}".rows_lost();
create trigger rows_truncated
  before truncate on "${flyway:defaultSchema}".bound_eviction
  for each statement execute function "${flyway:defaultSchema}".rows_lost();
create trigger rows_deleted
  before delete on "${flyway:defaultSchema}".cache_entry
  for each statement when (current_query() not like '%as psqache_removed%')
  execute function "${flyway:defaultSchema}".rows_lost();
create trigger rows_deleted
  before delete on "${flyway:defaultSchema}".bound_eviction
  for each statement when (current_query() not like '%as psqache_removed%')
  execute function "${flyway:defaultSchema}".rows_lost();

-- A deleted row of "cache" takes no tombstone with it. The fences of that cache name its generation, and those of other caches
-- stay valid. Only the copies of that cache are dropped. announce() finds no row any more.
create or replace function "${flyway:defaultSchema}".caches_deleted() returns trigger
language plpgsql as $$
begin
  perform pg_notify('${flyway:defaultSchema}',
    format('v1 sql %s changed %s *', (extract(epoch from clock_timestamp()) * 1000000)::bigint, d.id))
  from deleted_rows d
  where d.near;
  return null;
end
$$;

create trigger rows_deleted
  after delete on "${flyway:defaultSchema}".cache
  referencing old table as deleted_rows
  for each statement execute function "${flyway:defaultSchema}".caches_deleted();

-- Asks for the incarnation again once the rows of a fenced put are written. The statement may have waited for a transaction that
-- deleted a tombstone, and does not see the incarnation that began with it. Being volatile, the function has a snapshot of its
-- own. A transaction that keeps its snapshot locks the row instead, which fails if another transaction has changed it. The
-- error is that of a locked row, as in require_newer_than_deleted.
create or replace function "${flyway:defaultSchema}".require_incarnation(fence uuid) returns boolean
language plpgsql volatile as $$
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    perform from "${flyway:defaultSchema}".incarnation where id = fence for share;
  else
    perform from "${flyway:defaultSchema}".incarnation where id = fence;
  end if;
  if not found then
    raise exception 'Rows were deleted since the load began' using errcode = 'lock_not_available';
  end if;
  return true;
end
$$;

-- The schema may have been dropped while instances kept copies. A message that they cannot read has them drop all.
do $$
begin
  perform pg_notify('${flyway:defaultSchema}', 'v3 made');
end
$$;

-- Which transactions the last clear of a cache could see. A row of an earlier epoch is not read any more, but it still
-- refuses what was loaded before its transaction committed. If the clear saw that transaction, every load since then has seen
-- it too, and the row can go.
alter table "${flyway:defaultSchema}".cache
  add column cleared_in pg_snapshot;

create or replace function "${flyway:defaultSchema}".note_clear() returns trigger
language plpgsql as $$
begin
  new.cleared_in := pg_current_snapshot();
  return new;
end
$$;

create or replace trigger note_clear
  before update on "${flyway:defaultSchema}".cache
  for each row when (new.epoch <> old.epoch) execute function "${flyway:defaultSchema}".note_clear();

create or replace function "${flyway:defaultSchema}".schema_version() returns int
  language sql immutable as 'select 3';
