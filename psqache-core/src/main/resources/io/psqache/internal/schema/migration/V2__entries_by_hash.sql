-- The entries by a hash of their keys: an index probe compares two integers in place of texts.

-- The hash of a key as it is stored: the first 8 bytes of its SHA-256, as a big-endian integer. Java has the same (KeyHash).
create or replace function "${flyway:defaultSchema}".key_hash(key text) returns bigint
language sql immutable parallel safe as $$
  select ('x' || left(encode(sha256(convert_to(key, 'UTF8')), 'hex'), 16))::bit(64)::bigint
$$;

-- An instance of version 1 that repairs the schema makes it without these tables, and leaves the ones that are there.
drop table if exists "${flyway:defaultSchema}".cache_entry, "${flyway:defaultSchema}".bound_eviction;

-- The entries. UNLOGGED: a write does not wait for the disk and costs no WAL; after a crash the table is empty.
-- The primary key stays the only index and all times unindexed, and a page keeps a fifth of its space free:
-- then an update of an entry stays within its page (HOT) and leaves nothing behind in an index.
-- The columns of fixed width come first: a read finds those that it compares at constant offsets in the row.
-- Two keys of a cache with the same hash share a row: it is that of the key written last, and the other one is absent.
create unlogged table "${flyway:defaultSchema}".cache_entry (
  key_hash    bigint           not null, -- key_hash(key)
  epoch       bigint           not null,
  expires_at  timestamptz      not null, -- not seen from here on; a read moves it where live_until is set
  live_until  timestamptz,               -- reads move expires_at up to here, the end of the time-to-live; null: they do not
  written_at  timestamptz      not null,
  used_at     timestamptz      not null, -- the last write, or a later read: not each one is noted, see AccessRecorder
  xid         xid8             not null default pg_current_xact_id(), -- the last writer: what was loaded before is refused
  cache_id    int              not null,
  key         text collate "C" not null, -- as JSON; past 1,000 bytes 'sha256:' and the hash, see stored_keys()
  type        text             not null, -- what to read the value back as; 'null' marks a cached null, 'evicted' a tombstone
  value       jsonb,                     -- the value as JSON ...
  payload     bytea,                     -- ... or, where JSONB cannot hold it or is not wanted, as JSON in UTF-8
  primary key (cache_id, key_hash)       -- no check constraint: it took 7 of the 41 us of a single put
) with (
  fillfactor = 80,

  -- What the sweeper deletes, and what a put of another size leaves behind, is to be used again within minutes:
  -- vacuum when one row in fifty is dead, not one in five, ...
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 1000,
  toast.autovacuum_vacuum_scale_factor = 0.02,
  toast.autovacuum_vacuum_threshold = 1000,
  -- ... at ten times the usual pace, since until then each dead row slows down every read of its page.
  autovacuum_vacuum_cost_limit = 2000,
  toast.autovacuum_vacuum_cost_limit = 2000,
  -- Inserts alone are no reason: nothing here is read from an index alone, and rows do not live long enough to freeze.
  autovacuum_vacuum_insert_threshold = -1,
  toast.autovacuum_vacuum_insert_threshold = -1,
  -- Returning the table's tail to the disk takes a lock that stops every read. What is free is soon full again.
  vacuum_truncate = off,
  toast.vacuum_truncate = off
);

-- What was deleted because of a bound, one row a cache. An entry evicted by its caller leaves a tombstone, which refuses the
-- puts of values that were loaded before. An entry evicted for a bound is deleted, and its row can refuse no put any more.
-- A fenced put must be refused where a deleted row would have refused it: if there may be a deleted row with a transaction
-- that the fence's snapshot does not show as committed. Each such transaction is at most "newest", and "snapshot" shows it
-- as committed. So a fence passes if its snapshot shows every transaction up to "newest" as committed that "snapshot" shows.
-- A deletion whose own snapshot does not show "deleted_by" leaves the cache out: else it could record an older snapshot.
create unlogged table "${flyway:defaultSchema}".bound_eviction (
  cache_id   int         primary key,
  newest     xid8        not null default '0',                   -- the newest xid of the deleted rows
  snapshot   pg_snapshot not null default pg_current_snapshot(), -- of the last deletion
  deleted_by xid8        not null default '0'                    -- the transaction of the last deletion
) with (fillfactor = 50);

-- Whether a fence passes what was deleted because of a bound. Without the row nothing passes: a crash has emptied the table.
create or replace function "${flyway:defaultSchema}".is_newer_than_deleted(of_cache int, fence pg_snapshot) returns boolean
language sql stable as $$
  select exists (
    select
    from "${flyway:defaultSchema}".bound_eviction b
    where b.cache_id = of_cache
      and b.newest < pg_snapshot_xmax(fence)
      and not exists (
        select
        from pg_snapshot_xip(fence) as in_progress (xid)
        where in_progress.xid <= b.newest and pg_visible_in_snapshot(in_progress.xid, b.snapshot)
      )
  )
$$;

-- Asks again once a row is written, which is later than the snapshot of the statement that writes it: a deletion that
-- this statement does not see may have taken away the row that would have refused the put. Being volatile, the function
-- has a snapshot of its own, unless the transaction keeps one: there nothing passes. The error is that of a locked row,
-- which means the same to the caller: another transaction is changing the entry.
create or replace function "${flyway:defaultSchema}".require_newer_than_deleted(of_cache int, fence pg_snapshot) returns boolean
language plpgsql volatile as $$
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable')
      or not "${flyway:defaultSchema}".is_newer_than_deleted(of_cache, fence) then
    raise exception 'An entry was deleted because of a bound since the load began' using errcode = 'lock_not_available';
  end if;
  return true;
end
$$;

-- Tells the instances that keep copies (near caches), if and when the transaction that calls it commits. Of each key the
-- hash, as many as fit into one message; of no keys or very many the whole cache.
create or replace function "${flyway:defaultSchema}".announce(of_cache int, keys text[]) returns void
language plpgsql as $$
begin
  perform pg_notify('${flyway:defaultSchema}',
    format('v1 sql %s changed %s %s', (extract(epoch from clock_timestamp()) * 1000000)::bigint, of_cache, hashes))
  from (
    select '*'
    where keys is null or cardinality(keys) > 2000
    union all
    select string_agg(lpad(to_hex("${flyway:defaultSchema}".key_hash(key)), 16, '0'), ',')
    from unnest(keys) with ordinality as each (key, place)
    where cardinality(keys) <= 2000
    group by place / 400
  ) as message (hashes)
  where exists (select from "${flyway:defaultSchema}".cache where id = of_cache and near);
end
$$;

-- Evicts entries, in the transaction that calls it, each to a tombstone (as psqache's own statement does, EntrySql). The
-- keys are as they are stored. Rows are locked in the order in which batches of puts lock them, that of the hashes.
-- Returns how many there were.
create or replace function "${flyway:defaultSchema}".evict_keys(of_cache int, keys text[]) returns bigint
language plpgsql as $$
declare
  evicted bigint;
begin
  with tombstone as (
    insert into "${flyway:defaultSchema}".cache_entry as present
      (key_hash, epoch, expires_at, written_at, used_at, cache_id, key, type)
    select e.key_hash, c.epoch, '-infinity', now(), now(), c.id, e.key, 'evicted'
    from (
      -- One of two keys with the same hash is enough: they share a row, and a statement may not write it twice.
      select distinct on (hashed.key_hash) hashed.key_hash, hashed.key
      from (select "${flyway:defaultSchema}".key_hash(each.key) as key_hash, each.key from unnest(keys) as each (key)) as hashed
      order by hashed.key_hash
    ) as e, "${flyway:defaultSchema}".cache c
    where c.id = of_cache
    order by e.key_hash
    on conflict (cache_id, key_hash) do update
    set key = excluded.key, epoch = excluded.epoch, value = null, payload = null, type = excluded.type,
      written_at = excluded.written_at,
      used_at = case
        when present.epoch = excluded.epoch and present.key = excluded.key then present.expires_at
        else excluded.used_at
      end,
      live_until = null, expires_at = excluded.expires_at, xid = excluded.xid
    returning used_at > now() as was_present
  )
  select count(*) filter (where was_present) into evicted
  from tombstone;
  perform "${flyway:defaultSchema}".announce(of_cache, keys);
  return evicted;
end
$$;

-- The trigger on a watched table (psqache.watch), after each statement. Its arguments: namespace and name of the cache,
-- the most rows whose keys are evicted one by one, and the columns that are the key. Without columns any row clears.
-- A role that changes the table needs no privileges here: hence security definer, and a search path that no caller can set.
create or replace function "${flyway:defaultSchema}".evict_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  most_rows   int    := tg_argv[2];
  key_columns text[] := tg_argv[3:];
  of_cache    int;
  changed     int;
  key_json    text;
  keys        text[];
begin
  -- Where the cache was dropped there is nothing to evict, and no reason to fail the application's statement.
  if to_regclass('"${flyway:defaultSchema}".cache') is null or to_regclass('"${flyway:defaultSchema}".cache_entry') is null then
    return null;
  end if;

  if tg_op = 'TRUNCATE' then
    changed := most_rows + 1;
  elsif tg_op = 'DELETE' then
    select count(*) into changed from (select from old_rows limit most_rows + 1) as counted;
  else
    select count(*) into changed from (select from new_rows limit most_rows + 1) as counted;
  end if;
  if changed = 0 then
    return null;
  end if;

  -- A column may have been renamed or dropped since psqache last started. What it cannot name, it clears.
  of_cache := "${flyway:defaultSchema}".cache_id(tg_argv[0], tg_argv[1]);
  if changed > most_rows or cardinality(key_columns) > (
    select count(*)
    from pg_attribute
    where attrelid = tg_relid and attname = any (key_columns) and not attisdropped
  ) then
    perform "${flyway:defaultSchema}".clear_cache(of_cache);
    return null;
  end if;

  -- As psqache writes keys: 42, "a", [1,"a"], and [null] for a method's only argument that is null.
  if cardinality(key_columns) = 1 then
    key_json := format('coalesce(to_jsonb(%I)::text, ''[null]'')', key_columns[1]);
  else
    select format('concat(''['', %s, '']'')',
      string_agg(format('coalesce(to_jsonb(%I)::text, ''null'')', name), ', '','', ' order by place))
    into key_json
    from unnest(key_columns) with ordinality as part (name, place);
  end if;
  execute format(
    case tg_op
      when 'INSERT' then 'select array_agg(%1$s) from new_rows'
      when 'DELETE' then 'select array_agg(%1$s) from old_rows'
      else 'select array_agg(key) from (select %1$s from new_rows union all select %1$s from old_rows) as changed (key)'
    end, key_json)
  into keys;
  perform "${flyway:defaultSchema}".evict_keys(of_cache, "${flyway:defaultSchema}".stored_keys(keys));
  return null;
end
$$;

-- Instances of version 1 may run while this one starts (a rolling upgrade). They go on with the table "entry", and would read
-- there what newer instances have changed since. Triggers make the table inert. What is put there is stored expired and
-- without its value, so that each read of these instances is a miss and they load. What they evict or put is evicted here, in
-- the same transaction. A clear raises cache.epoch, which both versions read. Newer instances never read "entry": a later
-- migration drops it.
create or replace function "${flyway:defaultSchema}".bridge_row() returns trigger
language plpgsql as $$
begin
  if new.type <> 'evicted' then
    new.type := 'null';
    new.value := null;
    new.payload := null;
  end if;
  new.live_until := '-infinity';
  new.expires_at := '-infinity';
  return new;
end
$$;

-- By statement, so that the rows here are locked in the order in which newer instances lock them. The role of an instance of
-- version 1 may lack the privileges on the new tables: hence security definer.
create or replace function "${flyway:defaultSchema}".bridge_statement() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  changed record;
begin
  -- Two statements of version 1 ask this, and neither changes a value: a put of what was loaded after a miss (each read is one
  -- here, and would evict what newer instances have put), and the removal of entries for a bound.
  if current_query() like '%pg_visible_in_snapshot%' then
    return null;
  end if;
  for changed in select cache_id, array_agg(key) as keys from new_rows group by cache_id loop
    perform "${flyway:defaultSchema}".evict_keys(changed.cache_id, changed.keys);
  end loop;
  -- An eviction on behalf of a transaction elsewhere names that transaction.
  update "${flyway:defaultSchema}".cache_entry e
  set xid = n.xid
  from new_rows n
  where n.xid <> pg_current_xact_id()
    and e.cache_id = n.cache_id and e.key_hash = "${flyway:defaultSchema}".key_hash(n.key);
  return null;
end
$$;
revoke all on function "${flyway:defaultSchema}".bridge_statement() from public;

-- Deletes some of the rows that instances of version 1 leave in "entry", whose own sweeper rests. No read sees them once
-- their transaction is over. A role that may not touch the table, or has none, sweeps too: hence security definer.
create or replace function "${flyway:defaultSchema}".sweep_old_entries(most int) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  deleted int := 0;
begin
  if to_regclass('"${flyway:defaultSchema}".entry') is not null then
    delete from "${flyway:defaultSchema}".entry
    where ctid = any (array(
      select ctid
      from "${flyway:defaultSchema}".entry
      limit most
      for update skip locked
    ));
    get diagnostics deleted = row_count;
  end if;
  return deleted;
end
$$;

-- The lock waits for each open transaction that has evicted, and every statement on the table waits behind it. So it waits
-- for half a second at a time, and lets the others pass in between. An idle transaction would hold up the start without a
-- sign: after 60 seconds the migration fails, and tells which one it is.
do $$
declare
  deadline timestamptz := clock_timestamp() + interval '60 seconds';
  holders  text;
begin
  set local lock_timeout = '500ms';
  loop
    begin
      lock table "${flyway:defaultSchema}".entry in access exclusive mode;
      exit;
    exception when lock_not_available then
      if clock_timestamp() > deadline then
        select string_agg(format('process %s (%s, %s since %s)', coalesce(l.pid::text, 'of a prepared transaction'),
          coalesce(nullif(a.application_name, ''), 'unknown application'), coalesce(a.state, 'unknown state'),
          coalesce(a.state_change::text, 'unknown time')), ', ')
        into holders
        from pg_locks l
        left join pg_stat_activity a on a.pid = l.pid
        where l.relation = '"${flyway:defaultSchema}".entry'::regclass and l.granted
          and l.database = (select oid from pg_database where datname = current_database());
        raise exception 'Transactions of older psqache instances have held table "${flyway:defaultSchema}".entry for 60 seconds: %. '
          'End them, by pg_terminate_backend(process) for example, and start again.', coalesce(holders, 'they have just ended')
          using errcode = 'lock_not_available';
      end if;
      perform pg_sleep(0.5);
    end;
  end loop;
  set local lock_timeout to default;
end
$$;
truncate "${flyway:defaultSchema}".entry;
create trigger bridge_row
  before insert or update on "${flyway:defaultSchema}".entry
  for each row execute function "${flyway:defaultSchema}".bridge_row();
create trigger bridge_inserts
  after insert on "${flyway:defaultSchema}".entry referencing new table as new_rows
  for each statement execute function "${flyway:defaultSchema}".bridge_statement();
create trigger bridge_updates
  after update on "${flyway:defaultSchema}".entry referencing new table as new_rows
  for each statement execute function "${flyway:defaultSchema}".bridge_statement();

-- An instance of version 1 may hold the only lease of the sweeper, and knows nothing of the new table. So newer instances have
-- a lease of their own, in a second row. While one holds it, version 1 sees that another instance sweeps, and rests.
alter table "${flyway:defaultSchema}".sweeper
  drop constraint sweeper_id_check,
  add check (id in (1, 2));

create or replace function "${flyway:defaultSchema}".schema_version() returns int
  language sql immutable as 'select 2';
