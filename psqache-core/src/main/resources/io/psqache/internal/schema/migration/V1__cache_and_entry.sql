-- One row a cache of an application. Small, logged, and read by every statement on its entries.
create table "${flyway:defaultSchema}".cache (
  id          int         generated always as identity primary key,
  namespace   text        not null,
  name        text        not null,
  epoch       bigint      not null default 0, -- raised by clear(): entries of an earlier epoch are no longer seen
  max_entries bigint,                         -- the bounds, as the application that last started has set them
  max_bytes   bigint,
  stale_ms    bigint      not null default 0, -- how long entries are kept that have expired (stale-if-error), likewise
  near        boolean     not null default false, -- whether instances keep copies, so that whoever writes must tell them
  created_at  timestamptz not null default now(),
  used_at     timestamptz not null default now(), -- an instance that uses the cache says so once an hour
  unique (namespace, name)
);

-- Applications remember the id of a cache. Ids that start at the present second are never given again, not even by a
-- schema that was dropped and made anew, so that no application can read another cache's entries by an old id.
do $$
begin
  execute format('alter table %I.cache alter column id restart with %s',
    '${flyway:defaultSchema}', extract(epoch from now() - timestamptz '2025-01-01 00:00:00Z')::int);
end
$$;

-- The entries. UNLOGGED: a write does not wait for the disk and costs no WAL; after a crash the table is empty.
-- The primary key stays the only index and all times unindexed, and a page keeps a fifth of its space free:
-- then an update of an entry stays within its page (HOT) and leaves nothing behind in an index.
create unlogged table "${flyway:defaultSchema}".entry (
  cache_id    int              not null,
  key         text collate "C" not null,
  epoch       bigint           not null,
  value       jsonb,                     -- the value as JSON ...
  payload     bytea,                     -- ... or, where JSONB cannot hold it or is not wanted, as JSON in UTF-8
  type        text             not null, -- what to read the value back as; 'null' marks a cached null, 'evicted' a tombstone
  written_at  timestamptz      not null,
  used_at     timestamptz      not null, -- the last write, or a later read: not each one is noted, see Touches
  expires_at  timestamptz      not null, -- not seen from here on; moves when a time-to-idle is set and the entry is read
  live_until  timestamptz      not null, -- the time-to-live: expires_at never moves past it
  xid         xid8             not null default pg_current_xact_id(), -- who wrote or evicted it: what was loaded before is refused
  primary key (cache_id, key),
  check (num_nonnulls(value, payload) = (type not in ('null', 'evicted'))::int)
) with (
  fillfactor = 80,

  -- What the sweeper deletes, and what a put of another size leaves behind, is to be used again within minutes:
  -- vacuum when one row in fifty is dead, not one in five, ...
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 1000,
  toast.autovacuum_vacuum_scale_factor = 0.02,
  toast.autovacuum_vacuum_threshold = 1000,
  -- ... at ten times the usual pace, since until then each dead row is in the way of those who read.
  autovacuum_vacuum_cost_limit = 2000,
  toast.autovacuum_vacuum_cost_limit = 2000,
  -- Inserts alone are no reason: nothing here is read from an index alone, and rows do not live long enough to freeze.
  autovacuum_vacuum_insert_threshold = -1,
  toast.autovacuum_vacuum_insert_threshold = -1,
  -- Giving the table's tail back to the disk takes a lock that stops everyone. What is free is soon full again.
  vacuum_truncate = off,
  toast.vacuum_truncate = off
);

-- One row, of the kind of the entries: a crash that empties their table empties this one too, and whoever misses next
-- writes another. So a value that was loaded before is known, though nothing is left of the evictions since.
create unlogged table "${flyway:defaultSchema}".incarnation (
  id      uuid    not null,
  present boolean primary key default true check (present) -- one row
);

-- What the last whole walk over the entries found, one row a cache that was there. No foreign key: who drops a cache
-- in a long transaction would hold up the sweeper.
create unlogged table "${flyway:defaultSchema}".figures (
  cache_id     int         primary key,
  entries      bigint      not null, -- that can be read
  bytes        bigint      not null, -- what these take in the table, the index not counted
  dead         bigint      not null, -- that could be read no more, when the walk came by
  written_from timestamptz,          -- when the oldest and ...
  written_to   timestamptz,          -- ... the newest of the entries were written
  unused_ms    bigint,               -- how long the twentieth has not been used that was used least recently
  counted_at   timestamptz not null  -- when the walk had come to its end
) with (fillfactor = 50);

-- Who walks: one instance of all that share the schema, until held_until unless it says so again.
create unlogged table "${flyway:defaultSchema}".sweeper (
  id         int         primary key check (id = 1), -- one row
  holder     uuid        not null,
  taken_at   timestamptz not null,
  held_until timestamptz not null,
  next_page  bigint      not null                    -- where the walk goes on
) with (fillfactor = 50);

-- Who loads an entry, of all instances, in caches with single-flight: cluster. A row is deleted when its load ends; that of
-- an instance which has died is worth nothing from held_until on. No foreign key, as above.
create unlogged table "${flyway:defaultSchema}".load (
  cache_id   int              not null,
  key        text collate "C" not null,
  holder     uuid             not null, -- the instance
  taken_at   timestamptz      not null,
  held_until timestamptz      not null, -- moves on while the load runs
  primary key (cache_id, key)
) with (
  fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_threshold = -1
);

-- The id of a cache, whose row is made if there is none: an instance that is just making it may have a load under way.
create function "${flyway:defaultSchema}".cache_id(of_namespace text, of_name text) returns int
language plpgsql as $$
declare
  known int;
begin
  select id into known
  from "${flyway:defaultSchema}".cache
  where namespace = of_namespace and name = of_name;
  if known is null then
    insert into "${flyway:defaultSchema}".cache (namespace, name)
    values (of_namespace, of_name)
    on conflict (namespace, name) do nothing;
    select id into strict known
    from "${flyway:defaultSchema}".cache
    where namespace = of_namespace and name = of_name;
  end if;
  return known;
end
$$;

-- Keys of JSON as they are stored: each once, sorted, and the long ones by their SHA-256.
create function "${flyway:defaultSchema}".stored_keys(keys text[]) returns text[]
language sql immutable as $$
  select array(
    select distinct stored collate "C"
    from unnest(keys) as json,
      lateral (select case
        when octet_length(convert_to(json, 'UTF8')) > 1000
        then 'sha256:' || encode(sha256(convert_to(json, 'UTF8')), 'hex')
        else json
      end) as form (stored)
    order by stored collate "C"
  )
$$;

-- Tells the instances that keep copies (near caches), if and when the transaction that calls it commits. Of each key the
-- first 8 bytes of its SHA-256, as many as fit into one message; of no keys or very many the whole cache.
create function "${flyway:defaultSchema}".announce(of_cache int, keys text[]) returns void
language plpgsql as $$
begin
  perform pg_notify('${flyway:defaultSchema}',
    format('v1 sql %s changed %s %s', (extract(epoch from clock_timestamp()) * 1000000)::bigint, of_cache, hashes))
  from (
    select '*'
    where keys is null or cardinality(keys) > 2000
    union all
    select string_agg(left(encode(sha256(convert_to(key, 'UTF8')), 'hex'), 16), ',')
    from unnest(keys) with ordinality as each (key, place)
    where cardinality(keys) <= 2000
    group by place / 400
  ) as message (hashes)
  where exists (select from "${flyway:defaultSchema}".cache where id = of_cache and near);
end
$$;

-- Evicts entries, in the transaction that calls it, each to a tombstone (as psqache's own statement does, EntrySql). The
-- keys are distinct, as they are stored, and sorted: rows are locked in the order in which batches of puts lock them.
-- Returns how many there were.
create function "${flyway:defaultSchema}".evict_keys(of_cache int, keys text[]) returns bigint
language plpgsql as $$
declare
  evicted bigint;
begin
  with tombstone as (
    insert into "${flyway:defaultSchema}".entry as present
      (cache_id, key, epoch, type, written_at, used_at, live_until, expires_at)
    select c.id, e.key, c.epoch, 'evicted', now(), now(), '-infinity', '-infinity'
    from unnest(keys) with ordinality as e (key, place), "${flyway:defaultSchema}".cache c
    where c.id = of_cache
    order by e.place
    on conflict (cache_id, key) do update
    set epoch = excluded.epoch, value = null, payload = null, type = excluded.type,
      written_at = excluded.written_at,
      used_at = case when present.epoch = excluded.epoch then present.expires_at else excluded.used_at end,
      live_until = excluded.live_until, expires_at = excluded.expires_at, xid = excluded.xid
    returning used_at > now() as was_present
  )
  select count(*) filter (where was_present) into evicted
  from tombstone;
  perform "${flyway:defaultSchema}".announce(of_cache, keys);
  return evicted;
end
$$;

-- Clears a cache, in the transaction that calls it.
create function "${flyway:defaultSchema}".clear_cache(of_cache int) returns void
language plpgsql as $$
begin
  update "${flyway:defaultSchema}".cache
  set epoch = epoch + 1
  where id = of_cache;
  perform "${flyway:defaultSchema}".announce(of_cache, null);
end
$$;

-- The trigger on a watched table (psqache.watch), after each statement. Its arguments: namespace and name of the cache,
-- the most rows whose keys are evicted one by one, and the columns that are the key. Without columns any row clears.
-- Whoever changes the table needs no rights here: hence the definer's, and a search path that nobody else can set.
create function "${flyway:defaultSchema}".evict_changed() returns trigger
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
  if to_regclass('"${flyway:defaultSchema}".cache') is null or to_regclass('"${flyway:defaultSchema}".entry') is null then
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
revoke all on function "${flyway:defaultSchema}".evict_changed() from public;

-- The version of all of the above, for psqache's check at startup, its health, and anyone with psql.
create function "${flyway:defaultSchema}".schema_version() returns int
  language sql immutable as 'select 1';
