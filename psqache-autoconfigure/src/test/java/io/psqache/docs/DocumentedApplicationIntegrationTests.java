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

package io.psqache.docs;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the classes of the documentation.
 */
class DocumentedApplicationIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = DocumentedApplication.on(this.database);

	@Test
	void quickStart() {
		this.application.run((context) -> {
			BookService books = context.getBean(BookService.class);
			books.change(new Book("978-1", "Emma"));
			assertThat(books.find("978-1")).isEqualTo(books.find("978-1"));
			assertThat(context.getBean(BookRepository.class).loads()).isOne();
			books.change(new Book("978-1", "Persuasion"));
			assertThat(books.find("978-1").title()).isEqualTo("Persuasion");
		});
	}

	@Test
	void typedApi() {
		this.application.run((context) -> {
			context.getBean(BookRepository.class).save(new Book("978-1", "Emma"));
			BookCatalog catalog = context.getBean(BookCatalog.class);
			Book emma = catalog.find("978-1");
			assertThat(catalog.findAll(List.of("978-1", "978-2"))).containsOnlyKeys("978-1").containsValue(emma);
		});
	}

	@Test
	void watchedTable() {
		this.application.run((context) -> {
			this.database.execute("insert into price values ('EU', '978-1', 10)");
			PriceService prices = context.getBean(PriceService.class);
			assertThat(prices.find("EU", "978-1").amount()).isEqualByComparingTo(BigDecimal.TEN);
			this.database.execute("update price set amount = 9");
			assertThat(prices.find("EU", "978-1").amount()).isEqualByComparingTo("9");
		});
	}

	@Test
	void keyConverter() {
		this.application.run((context) -> {
			cache(context, "tenants").put(new Tenant("acme"), "Acme");
			assertThat(cache(context, "tenants").get(new Tenant("acme"), String.class)).isEqualTo("Acme");
		});
	}

	@Test
	void values() {
		this.application.run((context) -> {
			Order order = new Order(1, List.of(new Order.Line("978-1", new BigDecimal("9.90"))), Instant.EPOCH);
			cache(context, "orders").put(1, order);
			assertThat(cache(context, "orders").get(1, Order.class)).isEqualTo(order);
			Temperature temperature = Temperature.ofKelvin(300);
			cache(context, "temperatures").put(1, temperature);
			assertThat(cache(context, "temperatures").get(1, Temperature.class)).isEqualTo(temperature);
		});
	}

	@Test
	void encryption() {
		this.application.run((context) -> {
			Patient patient = new Patient("Ada", "measles");
			cache(context, "patients").put(1, patient);
			assertThat(cache(context, "patients").get(1, Patient.class)).isEqualTo(patient);
			assertThat(this.database
				.query("select position('measles'::bytea in payload) from psqache.cache_entry where key = '1'"))
				.isEqualTo("0");
		});
	}

	private static Cache cache(BeanFactory context, String name) {
		return Objects.requireNonNull(context.getBean(CacheManager.class).getCache(name));
	}

}
