-- The application's own first migration. It must run before psqache's.
do $$
begin
  if to_regnamespace('psqache') is not null then
    raise exception 'psqache was here first';
  end if;
end
$$;

create table orders (id int primary key);
