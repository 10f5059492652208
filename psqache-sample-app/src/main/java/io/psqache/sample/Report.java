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

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * A report on the sales of all shops.
 *
 * @param computedAt the time of the computation
 * @param sales the number of sales
 * @param shops one line per shop, in descending order of revenue
 */
record Report(Instant computedAt, long sales, List<Shop> shops) {

	/**
	 * A shop. Amounts are in euros.
	 *
	 * @param city the location of the shop
	 * @param sales the number of sales
	 * @param revenue the sum of the sales
	 * @param median the median amount of a sale
	 * @param percentile95 the 95th percentile of the amounts
	 * @param growthPercent the growth of the revenue from the first year to the second
	 * @param bestSeller the product with the highest revenue
	 * @param bestWeekEnd the last day of the best seven consecutive days
	 * @param bestWeekRevenue the revenue of these days
	 */
	record Shop(String city, long sales, BigDecimal revenue, BigDecimal median, BigDecimal percentile95,
			BigDecimal growthPercent, String bestSeller, LocalDate bestWeekEnd, BigDecimal bestWeekRevenue) {
	}

}
