-- For psql and scripts: what psqache does, in the transaction that calls it. Keys are JSON, as psqache writes them: 42, or
-- "978-1", for which to_jsonb('978-1'::text)::text stands in SQL.
-- An instance of an older version that starts meanwhile replaces these by its own. So this script has only what users call;
-- what psqache itself calls is in the versioned scripts.

-- The entries that can be read now, of all caches. A function, so that the view below depends on no table, and psqache can
-- drop each of them and make it again.
create or replace function "${flyway:defaultSchema}".entries() returns table (
  namespace text, cache text, key text, value jsonb, payload bytea, type text,
  written_at timestamptz, used_at timestamptz, expires_at timestamptz
)
language sql stable as $$
  select c.namespace, c.name, e.key, e.value, e.payload, e.type, e.written_at, e.used_at, e.expires_at
  from "${flyway:defaultSchema}".cache c
  join "${flyway:defaultSchema}".cache_entry e on e.cache_id = c.id and e.epoch = c.epoch
  where e.expires_at > now()
$$;

create or replace view "${flyway:defaultSchema}".entries as
select namespace, cache, key, value, payload, type, written_at, used_at, expires_at
from "${flyway:defaultSchema}".entries();

-- One entry, if it can be read now: find('shop', 'books', '42'). Reads the row by the primary key, of however many. Where
-- the payload is JSON in UTF-8 it comes as value, else as it is.
create or replace function "${flyway:defaultSchema}".find(namespace text, cache text, key text) returns table (
  value jsonb, payload bytea, type text, written_at timestamptz, used_at timestamptz, expires_at timestamptz
)
language plpgsql stable as $$
declare
  stored text := ("${flyway:defaultSchema}".stored_keys(array[find.key]))[1];
begin
  select e.value, e.payload, e.type, e.written_at, e.used_at, e.expires_at
  into value, payload, type, written_at, used_at, expires_at
  from "${flyway:defaultSchema}".cache c
  join "${flyway:defaultSchema}".cache_entry e on e.cache_id = c.id and e.epoch = c.epoch
  where c.namespace = find.namespace and c.name = find.cache
    and e.key_hash = "${flyway:defaultSchema}".key_hash(stored) and e.key = stored
    and e.expires_at > now();
  if not found then
    return;
  end if;
  if payload is not null then
    begin
      value := convert_from(payload, 'UTF8')::jsonb;
      payload := null;
    exception when data_exception or program_limit_exceeded then
      null; -- no JSON, or such as jsonb cannot hold
    end;
  end if;
  return next;
end
$$;

-- Evict entries of a cache: evict('shop', 'books', '42', to_jsonb('978-1'::text)::text). Returns how many there were.
create or replace function "${flyway:defaultSchema}".evict(namespace text, cache text, variadic keys text[]) returns bigint
language plpgsql as $$
declare
  of_cache int;
begin
  select c.id into of_cache
  from "${flyway:defaultSchema}".cache c
  where c.namespace = evict.namespace and c.name = evict.cache;
  if not found then
    return 0;
  end if;
  return "${flyway:defaultSchema}".evict_keys(of_cache, "${flyway:defaultSchema}".stored_keys(keys));
end
$$;

-- Remove all entries of a cache. Returns whether there is such a cache.
create or replace function "${flyway:defaultSchema}".clear(namespace text, cache text) returns boolean
language plpgsql as $$
declare
  of_cache int;
begin
  select c.id into of_cache
  from "${flyway:defaultSchema}".cache c
  where c.namespace = clear.namespace and c.name = clear.cache;
  if not found then
    return false;
  end if;
  perform "${flyway:defaultSchema}".clear_cache(of_cache);
  return true;
end
$$;
