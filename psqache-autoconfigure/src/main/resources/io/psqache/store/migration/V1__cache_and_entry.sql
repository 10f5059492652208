-- One row a cache of an application. Small, logged, and read by every statement on its entries.
create table "${flyway:defaultSchema}".cache (
  id          int         generated always as identity primary key,
  namespace   text        not null,
  name        text        not null,
  epoch       bigint      not null default 0, -- raised by clear(): entries of an earlier epoch are no longer seen
  created_at  timestamptz not null default now(),
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
-- The primary key stays the only index and expires_at unindexed, and a page keeps a fifth of its space free:
-- then an update of an entry stays within its page (HOT) and leaves nothing behind in an index.
create unlogged table "${flyway:defaultSchema}".entry (
  cache_id    int              not null,
  key         text collate "C" not null,
  epoch       bigint           not null,
  value       jsonb,                     -- the value as JSON ...
  payload     bytea,                     -- ... or, where JSONB cannot hold it or is not wanted, as JSON in UTF-8
  type        text             not null, -- what to read the value back as; 'null' marks a cached null
  written_at  timestamptz      not null,
  expires_at  timestamptz      not null, -- not seen from here on; moves when a time-to-idle is set and the entry is read
  live_until  timestamptz      not null, -- the time-to-live: expires_at never moves past it
  primary key (cache_id, key),
  check (num_nonnulls(value, payload) = (type <> 'null')::int)
) with (fillfactor = 80);

-- The version of all of the above, for psqache's check at startup, its health, and anyone with psql.
create function "${flyway:defaultSchema}".schema_version() returns int
  language sql immutable as 'select 1';
