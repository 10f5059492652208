-- Leases of strict near caches (near.coherence: strict). The class SuspendedChange has the protocol.

-- Running instances read "cache" with each statement, and the new column needs its exclusive lock. So it waits as in version 3.
-- The new tables are unknown to older instances, and need no lock.
-- The commit waits for the disk, as that of version 3 does since it rewrites a table. Else a crash right after it could take the
-- column away from instances that have already started.
do $$
declare
  deadline timestamptz := clock_timestamp() + interval '60 seconds';
  holders  text;
begin
  if current_setting('synchronous_commit') = 'off' then
    set local synchronous_commit = 'local';
  end if;
  set local lock_timeout = '500ms';
  loop
    begin
      lock table "${flyway:defaultSchema}".cache in access exclusive mode;
      exit;
    exception when lock_not_available then
      if clock_timestamp() > deadline then
        select string_agg(distinct format('process %s (%s, %s since %s)', coalesce(l.pid::text, 'of a prepared transaction'),
          coalesce(nullif(a.application_name, ''), 'unknown application'), coalesce(a.state, 'unknown state'),
          coalesce(a.state_change::text, 'unknown time')), ', ')
        into holders
        from pg_locks l
        left join pg_stat_activity a on a.pid = l.pid
        where l.relation = '"${flyway:defaultSchema}".cache'::regclass
          and l.granted and l.pid is distinct from pg_backend_pid()
          and l.database = (select oid from pg_database where datname = current_database());
        raise exception 'Transactions of older psqache instances have held table "${flyway:defaultSchema}".cache for 60 seconds: %. '
          'End them, by pg_terminate_backend(process) for example, and start again.', coalesce(holders, 'they have just ended')
          using errcode = 'lock_not_available';
      end if;
      perform pg_sleep(0.5);
    end;
  end loop;
  set local lock_timeout to default;
end
$$;

-- The version of the leases, raised by each new one. Every statement that changes entries names the version that its instance
-- knows. If there may be a lease that the instance has not suspended, the statement finds no cache.
alter table "${flyway:defaultSchema}".cache
  add column if not exists leases bigint not null default 0;

-- Instances that use strict near entries of a cache. A lease that is not renewed lapses, and its row stays until then. Logged,
-- because a lease may outlast a crash of the server. An older instance that makes the schema again leaves the table.
create table if not exists "${flyway:defaultSchema}".near_lease (
  id        bigint  generated always as identity primary key,
  cache_id  int     not null,
  instance  text    not null,
  length_ms int     not null -- it has lapsed once it was not renewed for so long
);
create index if not exists near_lease_cache_id_idx on "${flyway:defaultSchema}".near_lease (cache_id);
create index if not exists near_lease_instance_idx on "${flyway:defaultSchema}".near_lease (instance);

-- Leases whose renewals fail from the commit of the row on. They have rows of their own, so that two transactions that revoke
-- a lease do not wait for each other.
create table if not exists "${flyway:defaultSchema}".near_revocation (
  lease bigint not null
);
create index if not exists near_revocation_lease_idx on "${flyway:defaultSchema}".near_revocation (lease);

-- Whether triggers of watched tables evict from a cache. Such a cache has no leases, because its changes would wait for them.
create or replace function "${flyway:defaultSchema}".is_watched(of_cache int) returns boolean
language sql stable as $$
  select exists (
    select
    from "${flyway:defaultSchema}".cache c
    join pg_trigger t on t.tgfoid = to_regprocedure('"${flyway:defaultSchema}".evict_changed()')
      and position(convert_to(c.namespace, getdatabaseencoding()) || '\x00'::bytea
        || convert_to(c.name, getdatabaseencoding()) || '\x00'::bytea in t.tgargs) = 1
    where c.id = of_cache
  )
$$;

-- Waits until the leases on a cache have lapsed, for changes by SQL functions and triggers. Their transaction cannot send a
-- message before it commits. The advisory lock is visible immediately, and no lease is renewed while a transaction holds it. Its
-- commit revokes the leases, because a holder may have been paused meanwhile. The caller has already changed the cache or its
-- entries: an instance that takes a lease meanwhile waits for the locks of that change.
create or replace function "${flyway:defaultSchema}".await_leases(of_cache int) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  longest int;
begin
  if exists (select from "${flyway:defaultSchema}".near_lease l where l.cache_id = of_cache) then
    perform pg_advisory_xact_lock_shared(7463, of_cache);
    with of_cache_leases as (
      select l.id, l.length_ms
      from "${flyway:defaultSchema}".near_lease l
      where l.cache_id = of_cache
    ), revoked as (
      insert into "${flyway:defaultSchema}".near_revocation (lease)
      select id
      from of_cache_leases
    )
    select max(length_ms) into longest
    from of_cache_leases;
    perform pg_sleep(coalesce(longest, 0) / 1000.0);
  end if;
end
$$;

-- Sends the invalidations, as announce() did in version 2.
create or replace function "${flyway:defaultSchema}".notify_changed(of_cache int, keys text[]) returns void
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

-- Called by evict_keys() and clear_cache(), after their changes.
create or replace function "${flyway:defaultSchema}".announce(of_cache int, keys text[]) returns void
language plpgsql as $$
begin
  perform "${flyway:defaultSchema}".await_leases(of_cache);
  perform "${flyway:defaultSchema}".notify_changed(of_cache, keys);
end
$$;

-- As in version 3, without waiting for leases: deleted rows change no data.
create or replace function "${flyway:defaultSchema}".rows_lost() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if to_regclass('"${flyway:defaultSchema}".cache') is not null
      and to_regclass('"${flyway:defaultSchema}".incarnation') is not null then
    update "${flyway:defaultSchema}".incarnation
    set id = gen_random_uuid();
    perform "${flyway:defaultSchema}".notify_changed(c.id, null)
    from "${flyway:defaultSchema}".cache c
    where c.near;
  end if;
  return null;
end
$$;
revoke all on function "${flyway:defaultSchema}".rows_lost() from public;

create or replace function "${flyway:defaultSchema}".schema_version() returns int
  language sql immutable as 'select 4';
