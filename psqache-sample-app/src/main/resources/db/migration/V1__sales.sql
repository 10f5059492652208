-- The sample's own data: 24 shops, 200 products and 300,000 sales of two years, the same in every run on
-- one version of PostgreSQL.
create table sample.shop (
  id    int   primary key,
  city  text  not null
);

create table sample.product (
  id           int   primary key,
  name         text  not null,
  price_cents  int   not null
);

create table sample.sale (
  id                bigint  generated always as identity primary key,
  shop_id           int     not null,
  product_id        int     not null,
  quantity          int     not null check (quantity > 0),
  unit_price_cents  int     not null,
  sold_on           date    not null
);

do $$
begin
  perform setseed(0.18);
end
$$;

insert into sample.shop (id, city)
select id, city
from unnest(array[
  'Amsterdam', 'Athens', 'Barcelona', 'Berlin', 'Bratislava', 'Brussels', 'Bucharest', 'Budapest',
  'Copenhagen', 'Dublin', 'Hamburg', 'Helsinki', 'Lisbon', 'Ljubljana', 'Lyon', 'Milan',
  'Oslo', 'Porto', 'Prague', 'Riga', 'Stockholm', 'Tallinn', 'Vienna', 'Zagreb'
]) with ordinality as cities (city, id);

insert into sample.product (id, name, price_cents)
select row_number() over (order by kind, thing), kind || ' ' || thing, 400 + floor(9000 * random())::int
from unnest(array[
    'Blue', 'Brass', 'Cedar', 'Copper', 'Cork', 'Green', 'Linen', 'Oak', 'Paper', 'Red'
  ]) as kinds (kind)
  cross join unnest(array[
    'basket', 'bottle', 'bowl', 'box', 'clock', 'cup', 'desk lamp', 'folder', 'frame', 'jar',
    'kettle', 'ladder', 'mirror', 'notebook', 'plate', 'shelf', 'stool', 'teapot', 'tray', 'vase'
  ]) as things (thing);

-- Some shops sell more than others, and each has favourites of its own.
insert into sample.sale (shop_id, product_id, quantity, unit_price_cents, sold_on)
select drawn.shop_id, product.id, drawn.quantity, (product.price_cents * drawn.discount)::int, drawn.sold_on
from (
    select 1 + floor(24 * power(random(), 1.4))::int as shop_id,
      floor(200 * power(random(), 1.8))::int as favour,
      1 + floor(6 * power(random(), 3))::int as quantity,
      0.75 + 0.25 * random() as discount,
      date '2024-01-01' + floor(731 * random())::int as sold_on
    from generate_series(1, 300000)
  ) as drawn
  join sample.product on product.id = 1 + (drawn.favour + 31 * drawn.shop_id) % 200;

alter table sample.sale
  add foreign key (shop_id) references sample.shop,
  add foreign key (product_id) references sample.product;

analyze sample.shop, sample.product, sample.sale;
