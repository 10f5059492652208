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
