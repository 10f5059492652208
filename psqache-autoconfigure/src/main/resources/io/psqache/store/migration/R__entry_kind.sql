-- psqache.unlogged: run again whenever the setting changes, since the placeholder is part of the checksum.
alter table "${flyway:defaultSchema}".cache_entry set ${kind};
alter table "${flyway:defaultSchema}".bound_eviction set ${kind};
alter table "${flyway:defaultSchema}".incarnation set ${kind};
alter table "${flyway:defaultSchema}".figures set ${kind};
alter table "${flyway:defaultSchema}".sweeper set ${kind};
alter table "${flyway:defaultSchema}".load set ${kind};
