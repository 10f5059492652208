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

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Sales in the database.
 */
@Repository
class SaleRepository {

	private static final String SALES = """
			select sale.id, shop.city, product.name as product, sale.quantity,
			  round(sale.unit_price_cents / 100.0, 2) as unit_price, sale.sold_on
			from sample.sale
			  join sample.shop on shop.id = sale.shop_id
			  join sample.product on product.id = sale.product_id
			where sale.id in (:ids)
			""";

	private static final String UPDATE_QUANTITY = """
			update sample.sale
			set quantity = ?
			where id = ?
			""";

	private final JdbcClient jdbc;

	SaleRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	Optional<Sale> find(long id) {
		return findAll(List.of(id)).stream().findFirst();
	}

	List<Sale> findAll(Collection<Long> ids) {
		return this.jdbc.sql(SALES).param("ids", ids).query(Sale.class).list();
	}

	/**
	 * Change the quantity of a sale.
	 * @return whether the sale exists
	 */
	boolean updateQuantity(long id, int quantity) {
		return this.jdbc.sql(UPDATE_QUANTITY).param(quantity).param(id).update() == 1;
	}

}
