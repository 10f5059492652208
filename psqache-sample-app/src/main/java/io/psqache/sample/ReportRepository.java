/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.sample;

import java.time.Instant;
import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Computes the report from all sales.
 */
@Repository
class ReportRepository {

	private static final String SHOPS = """
			with amounts as not materialized (
			  select shop_id, product_id, sold_on, quantity * unit_price_cents as amount
			  from sample.sale
			),
			percentiles as (
			  select shop_id, percentile_disc(array[0.5, 0.95]) within group (order by amount) as amounts
			  from amounts
			  group by shop_id
			),
			best_sellers as (
			  select distinct on (shop_id) shop_id, product_id
			  from amounts
			  group by shop_id, product_id
			  order by shop_id, sum(amount) desc, product_id
			),
			days as (
			  select shop_id, sold_on, count(*) as sales, sum(amount) as revenue
			  from amounts
			  group by shop_id, sold_on
			),
			totals as (
			  select shop_id, sum(sales) as sales, sum(revenue) as revenue,
			    sum(revenue) filter (where sold_on >= date '2025-01-01')
			      / sum(revenue) filter (where sold_on < date '2025-01-01') as growth
			  from days
			  group by shop_id
			),
			best_weeks as (
			  select distinct on (shop_id) shop_id, sold_on, sum(revenue) over (
			      partition by shop_id
			      order by sold_on
			      range between interval '6 days' preceding and current row
			    ) as revenue
			  from days
			  order by shop_id, revenue desc, sold_on
			)
			select shop.city, totals.sales,
			  round(totals.revenue / 100, 2) as revenue,
			  round(percentiles.amounts[1] / 100.0, 2) as median,
			  round(percentiles.amounts[2] / 100.0, 2) as percentile95,
			  round(100 * (totals.growth - 1), 1) as growth_percent,
			  product.name as best_seller,
			  best_weeks.sold_on as best_week_end,
			  round(best_weeks.revenue / 100, 2) as best_week_revenue
			from totals
			  join percentiles using (shop_id)
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
