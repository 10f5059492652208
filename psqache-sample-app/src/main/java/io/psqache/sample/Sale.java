package io.psqache.sample;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * A sale as the shops see it.
 *
 * @param id number of the sale
 * @param city where the shop is
 * @param product what was sold
 * @param quantity how many of it
 * @param unitPrice price of one, in euros
 * @param soldOn the day
 */
record Sale(long id, String city, String product, int quantity, BigDecimal unitPrice, LocalDate soldOn) {
}
