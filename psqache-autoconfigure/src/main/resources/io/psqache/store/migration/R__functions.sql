-- For psql and scripts: what psqache does, and in the same transaction the message to the instances that keep copies.

create or replace function "${flyway:defaultSchema}".announce(cache_id int, keys text) returns void
  language sql
  as $$
    select pg_notify('${flyway:defaultSchema}',
      format('v1 sql %s changed %s %s', (extract(epoch from clock_timestamp()) * 1000000)::bigint, cache_id, keys))
  $$;

-- Remove entries of a cache by their keys as they are stored: evict('shop', 'books', '42', to_jsonb('978-1'::text)::text).
-- Returns how many there were. A key that is longer than 1,000 bytes is stored, and found, by its SHA-256.
create or replace function "${flyway:defaultSchema}".evict(namespace text, cache text, variadic keys text[]) returns bigint
  language plpgsql
  as $$
declare
  evicted_cache int;
  stored_keys   text[];
  evicted       bigint;
begin
  select c.id into evicted_cache
  from "${flyway:defaultSchema}".cache c
  where c.namespace = evict.namespace and c.name = evict.cache;
  if not found then
    return 0;
  end if;

  select array_agg(case when octet_length(k) <= 1000 then k
      else 'sha256:' || encode(sha256(convert_to(k, 'UTF8')), 'hex') end)
  into stored_keys
  from unnest(keys) as k;

  with removed as (
    delete from "${flyway:defaultSchema}".entry e
    where e.cache_id = evicted_cache and e.key = any (stored_keys)
    returning e.epoch, e.expires_at
  )
  select count(*) into evicted
  from removed r
  join "${flyway:defaultSchema}".cache c on c.id = evicted_cache and c.epoch = r.epoch
  where r.expires_at > now();

  -- The first 8 bytes of each key's SHA-256; past what a message holds, the whole cache.
  perform "${flyway:defaultSchema}".announce(evicted_cache, case when cardinality(stored_keys) <= 400 then (
      select string_agg(left(encode(sha256(convert_to(k, 'UTF8')), 'hex'), 16), ',')
      from unnest(stored_keys) as k
    ) else '*' end);
  return evicted;
end
$$;

-- Remove all entries of a cache. Returns whether there is such a cache.
create or replace function "${flyway:defaultSchema}".clear(namespace text, cache text) returns boolean
  language plpgsql
  as $$
declare
  cleared_cache int;
begin
  update "${flyway:defaultSchema}".cache c
  set epoch = c.epoch + 1
  where c.namespace = clear.namespace and c.name = clear.cache
  returning c.id into cleared_cache;
  if not found then
    return false;
  end if;
  perform "${flyway:defaultSchema}".announce(cleared_cache, '*');
  return true;
end
$$;
