-- The sample's own data: 24 shops, 200 products and 300,000 sales of two years, the same in every run.
create table sample.shop (
  id    int   primary key,
  city  text  not null
);

create table sample.product (
  id     int            primary key,
  name   text           not null,
  price  numeric(10, 2) not null
);

create table sample.sale (
  id          bigint         generated always as identity primary key,
  shop_id     int            not null,
  product_id  int            not null,
  quantity    int            not null check (quantity > 0),
  unit_price  numeric(10, 2) not null,
  sold_at     timestamptz    not null
);

select setseed(0.18);

insert into sample.shop (id, city)
select id, city
from unnest(array[
  'Amsterdam', 'Athens', 'Barcelona', 'Berlin', 'Bratislava', 'Brussels', 'Bucharest', 'Budapest',
  'Copenhagen', 'Dublin', 'Hamburg', 'Helsinki', 'Lisbon', 'Ljubljana', 'Lyon', 'Milan',
  'Oslo', 'Porto', 'Prague', 'Riga', 'Stockholm', 'Tallinn', 'Vienna', 'Zagreb'
]) with ordinality as cities (city, id);

insert into sample.product (id, name, price)
select row_number() over (order by kind, thing), kind || ' ' || thing, round((4 + 90 * random())::numeric, 2)
from unnest(array[
    'Blue', 'Brass', 'Cedar', 'Copper', 'Cork', 'Green', 'Linen', 'Oak', 'Paper', 'Red'
  ]) as kinds (kind)
  cross join unnest(array[
    'basket', 'bottle', 'bowl', 'box', 'clock', 'cup', 'desk lamp', 'folder', 'frame', 'jar',
    'kettle', 'ladder', 'mirror', 'notebook', 'plate', 'shelf', 'stool', 'teapot', 'tray', 'vase'
  ]) as things (thing);

-- Some shops and some products sell better than others.
insert into sample.sale (shop_id, product_id, quantity, unit_price, sold_at)
select drawn.shop_id, product.id, drawn.quantity, round(product.price * drawn.discount, 2), drawn.sold_at
from (
    select 1 + floor(24 * power(random(), 1.4))::int as shop_id,
      1 + floor(200 * power(random(), 1.8))::int as product_id,
      1 + floor(6 * power(random(), 3))::int as quantity,
      (0.75 + 0.25 * random())::numeric as discount,
      timestamptz '2024-01-01 00:00:00Z' + random() * interval '731 days' as sold_at
    from generate_series(1, 300000)
  ) as drawn
  join sample.product on product.id = drawn.product_id;

alter table sample.sale
  add foreign key (shop_id) references sample.shop,
  add foreign key (product_id) references sample.product;

analyze sample.shop, sample.product, sample.sale;
