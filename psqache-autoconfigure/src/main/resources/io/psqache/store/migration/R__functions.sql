-- For psql and scripts: what psqache does, in the transaction that calls it.

-- Evict entries of a cache by their keys as JSON: evict('shop', 'books', '42', to_jsonb('978-1'::text)::text).
-- Returns how many there were.
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
