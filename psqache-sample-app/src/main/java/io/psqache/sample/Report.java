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
 * The report: what the shops sold.
 *
 * @param computedAt when it was computed
 * @param sales how many sales it covers
 * @param shops one line a shop, best first
 */
record Report(Instant computedAt, long sales, List<Shop> shops) {

	/**
	 * A shop. Amounts are in euros.
	 *
	 * @param city where it is
	 * @param sales number of its sales
	 * @param revenue sum of them
	 * @param median half of its sales came to this or less
	 * @param percentile95 and 95 of a hundred to this or less
	 * @param growthPercent revenue of the second year against the first
	 * @param bestSeller the product that brought the most
	 * @param bestWeekEnd last day of the best seven days in a row
	 * @param bestWeekRevenue revenue of those days
	 */
	record Shop(String city, long sales, BigDecimal revenue, BigDecimal median, BigDecimal percentile95,
			BigDecimal growthPercent, String bestSeller, LocalDate bestWeekEnd, BigDecimal bestWeekRevenue) {
	}

}
