-- One row a cache of an application. Small, logged, and read by every statement on its entries.
create table "${flyway:defaultSchema}".cache (
  id          int         generated always as identity primary key,
  namespace   text        not null,
  name        text        not null,
  epoch       bigint      not null default 0, -- raised by clear(): entries of an earlier epoch are no longer seen
  max_entries bigint,                         -- the bounds, as the application that last started has set them
  max_bytes   bigint,
  stale_ms    bigint      not null default 0, -- how long entries are kept that have expired (stale-if-error), likewise
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

-- The version of all of the above, for psqache's check at startup, its health, and anyone with psql.
create function "${flyway:defaultSchema}".schema_version() returns int
  language sql immutable as 'select 1';
