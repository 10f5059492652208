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
import java.time.LocalDate;

/**
 * A sale of a shop.
 *
 * @param id the number of the sale
 * @param city the location of the shop
 * @param product the name of the product
 * @param quantity the number of items
 * @param unitPrice the price of one item in euros
 * @param soldOn the day of the sale
 */
record Sale(long id, String city, String product, int quantity, BigDecimal unitPrice, LocalDate soldOn) {
}
