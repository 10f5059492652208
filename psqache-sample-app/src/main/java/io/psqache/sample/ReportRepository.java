package io.psqache.sample;

import java.time.Instant;
import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Computes the report, each time from all sales.
 */
@Repository
class ReportRepository {

	private static final String SHOPS = """
			with amounts as materialized (
			  select shop_id, product_id, (sold_at at time zone 'UTC')::date as day, quantity * unit_price as amount
			  from sample.sale
			),
			totals as (
			  select shop_id, count(*) as sales, sum(amount) as revenue,
			    percentile_cont(array[0.5, 0.95]) within group (order by amount) as percentiles,
			    sum(amount) filter (where day >= date '2025-01-01')
			      / sum(amount) filter (where day < date '2025-01-01') as growth
			  from amounts
			  group by shop_id
			),
			best_sellers as (
			  select distinct on (shop_id) shop_id, product_id
			  from amounts
			  group by shop_id, product_id
			  order by shop_id, sum(amount) desc, product_id
			),
			weeks as (
			  select shop_id, day, sum(sum(amount)) over (
			      partition by shop_id
			      order by day
			      range between interval '6 days' preceding and current row
			    ) as revenue
			  from amounts
			  group by shop_id, day
			),
			best_weeks as (
			  select distinct on (shop_id) shop_id, day, revenue
			  from weeks
			  order by shop_id, revenue desc, day
			)
			select shop.city, totals.sales, totals.revenue,
			  round(totals.percentiles[1]::numeric, 2) as median,
			  round(totals.percentiles[2]::numeric, 2) as percentile95,
			  round(100 * (totals.growth - 1), 1) as growth_percent,
			  product.name as best_seller,
			  best_weeks.day as best_week_end,
			  best_weeks.revenue as best_week_revenue
			from totals
			  join best_sellers using (shop_id)
			  join best_weeks using (shop_id)
			  join sample.shop on shop.id = shop_id
			  join sample.product on product.id = best_sellers.product_id
			order by totals.revenue desc
			""";

	private final JdbcClient jdbc;

	ReportRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	Report compute() {
		List<Report.Shop> shops = this.jdbc.sql(SHOPS).query(Report.Shop.class).list();
		return new Report(Instant.now(), shops.stream().mapToLong(Report.Shop::sales).sum(), shops);
	}

}
