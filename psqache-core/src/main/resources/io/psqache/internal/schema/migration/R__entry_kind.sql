-- psqache.unlogged: run again whenever the setting changes, since the placeholder is part of the checksum. It is run again
-- after an instance of version 1 has run its own, too. Only a table of the other kind is altered: that takes a lock which
-- stops every read.
do $$
declare
  other text;
begin
  for other in
    select relname
    from pg_class
    where relnamespace = '"${flyway:defaultSchema}"'::regnamespace
      and relname = any ('{cache_entry,bound_eviction,incarnation,figures,sweeper,load}')
      and relpersistence <> case '${kind}' when 'unlogged' then 'u' else 'p' end
  loop
    execute format('alter table %I.%I set ${kind}', '${flyway:defaultSchema}', other);
  end loop;
end
$$;
