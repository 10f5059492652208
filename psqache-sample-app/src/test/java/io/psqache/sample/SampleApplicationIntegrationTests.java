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
import java.util.List;

import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample on a database that it is given.
 */
@ExtendWith(OutputCaptureExtension.class)
class SampleApplicationIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	private static RunningSample sample;

	@BeforeAll
	static void start() {
		sample = RunningSample.startOn(database);
	}

	@AfterAll
	static void stop() {
		sample.close();
		database.close();
	}

	@Test
	void startPrintsBothTimesAndTheAddress(CapturedOutput output) {
		assertThat(output).containsPattern("uncached +[0-9.]+ ms   computed and cached, median of 5")
			.containsPattern("cached +[0-9.]+ ms   read from the cache, median of 101 \\(101 hits\\)")
			.contains("http://localhost:" + sample.port() + "/");
	}

	@Test
	void timesOfTheStartCanBeAskedFor() {
		sample.get("/api/report/measurement")
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.sales")
			.isEqualTo(300_000)
			.jsonPath("$.hits")
			.isEqualTo(101)
			.jsonPath("$.uncachedMillis")
			.isNumber()
			.jsonPath("$.cachedMillis")
			.isNumber();
	}

	@Test
	void reportIsComputedOnceAndThenReadFromTheCache() {
		sample.evictReport();
		RunningSample.Answer<Report> first = sample.report();
		assertThat(first.cached()).isFalse();
		long hits = sample.hits("report");
		RunningSample.Answer<Report> second = sample.report();
		assertThat(second.cached()).isTrue();
		assertThat(second.body()).isEqualTo(first.body());
		assertThat(sample.hits("report")).isEqualTo(hits + 1);
	}

	@Test
	void reportCoversAllSales() {
		Report report = sample.report().body();
		assertThat(report.sales()).isEqualTo(300_000);
		assertThat(report.shops()).hasSize(24);
		BigDecimal revenue = report.shops().stream().map(Report.Shop::revenue).reduce(BigDecimal.ZERO, BigDecimal::add);
		assertThat(revenue)
			.isEqualByComparingTo(database.query("select sum(quantity * unit_price_cents) / 100.0 from sample.sale"));
	}

	@Test
	void entriesAreLegible() {
		sample.report();
		assertThat(sample.entries("report")).singleElement().satisfies((entry) -> {
			assertThat(entry.key()).isEqualTo("\"shops\"");
			assertThat(entry.value()).startsWith("{").contains("\"city\": \"Vienna\"");
			assertThat(entry.type()).isEqualTo("v1 " + Report.class.getName());
			assertThat(entry.secondsLeft()).isPositive().isLessThanOrEqualTo(600);
		});
	}

	@Test
	void saleIsCachedByItsNumber() {
		assertThat(sample.sale(17).cached()).isFalse();
		long hits = sample.hits("sales");
		RunningSample.Answer<Sale> sale = sample.sale(17);
		assertThat(sale.cached()).isTrue();
		assertThat(sale.body().id()).isEqualTo(17);
		assertThat(sample.hits("sales")).isEqualTo(hits + 1);
		assertThat(sample.entries("sales")).extracting(CacheEntry::key).contains("17");
	}

	@Test
	void severalSalesShareTheEntriesOfSingleOnes() {
		Sale single = sample.sale(41).body();
		RunningSample.Answer<Sale[]> first = sample.sales(43, 41, 42, 300_001);
		assertThat(first.cached()).isFalse();
		assertThat(first.body()).extracting(Sale::id).containsExactly(41L, 42L, 43L);
		assertThat(first.body()[0]).isEqualTo(single);
		assertThat(sample.sales(41, 42, 43).cached()).isTrue();
		assertThat(sample.sale(42).cached()).isTrue();
		sample.updateQuantity(43, 7).expectStatus().isNoContent();
		RunningSample.Answer<Sale[]> changed = sample.sales(41, 42, 43);
		assertThat(changed.cached()).isFalse();
		assertThat(changed.body()[2].quantity()).isEqualTo(7);
	}

	@Test
	void updateEvictsTheSaleAndTheReport() {
		int quantity = sample.sale(18).body().quantity();
		sample.report();
		assertThat(sample.sale(18).cached()).isTrue();
		assertThat(sample.report().cached()).isTrue();
		sample.updateQuantity(18, quantity + 1).expectStatus().isNoContent();
		assertThat(sample.sale(18)).satisfies((answer) -> {
			assertThat(answer.cached()).isFalse();
			assertThat(answer.body().quantity()).isEqualTo(quantity + 1);
		});
		assertThat(sample.report().cached()).isFalse();
	}

	@Test
	void unknownSaleIsNotFoundAndThatIsCached() {
		sample.get("/api/sales/300001").expectStatus().isNotFound();
		long hits = sample.hits("sales");
		sample.get("/api/sales/300001").expectStatus().isNotFound();
		assertThat(sample.hits("sales")).isEqualTo(hits + 1);
		sample.updateQuantity(300_001, 1).expectStatus().isNotFound();
	}

	@Test
	void quantityBelowOneIsRefused() {
		sample.updateQuantity(19, 0)
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("The quantity must be 1 or more.");
	}

	@Test
	void healthShowsThePostgresOfTheCache() {
		sample.get("/actuator/health")
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.components.psqache.status")
			.isEqualTo("UP")
			.jsonPath("$.components.psqache.details.server")
			.value((String server) -> assertThat(server).startsWith("PostgreSQL "))
			.jsonPath("$.components.psqache.details.table")
			.isEqualTo("unlogged");
	}

	@Test
	void metricsHaveTags() {
		sample.get("/actuator/metrics/cache.gets")
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.availableTags[*].tag")
			.value((List<String> tags) -> assertThat(tags).contains("cache", "cache.manager", "result"));
	}

	@Test
	void pageAndItsPartsComeFromTheSampleAlone() {
		String page = sample.body("/", String.class);
		assertThat(page).contains("Get the report", "/actuator/health", "/actuator/metrics/cache.gets", "JSON value")
			.contains("src=\"app.js\"", "href=\"style.css\"");
		assertThat(page + sample.body("/app.js", String.class) + sample.body("/style.css", String.class))
			.doesNotContain("http:", "https:", "src=\"//");
	}

	@Test
	void entryTableIsUnloggedWithItsPrimaryKeyAsTheOnlyIndex() {
		assertThat(database.query("select relpersistence from pg_class where oid = 'psqache.cache_entry'::regclass"))
			.isEqualTo("u");
		assertThat(database.query(
				"select string_agg(indisprimary::text, ',') from pg_index where indrelid = 'psqache.cache_entry'::regclass"))
			.isEqualTo("true");
	}

	@Test
	void migrationsOfTheSampleAndOfPsqacheAreApart() {
		assertThat(database.query(
				"select string_agg(script, ',' order by installed_rank) from sample.flyway_schema_history where type = 'SQL'"))
			.isEqualTo("V1__sales.sql");
		assertThat(database.query("select count(*) from psqache.schema_history where script like '%sales%'"))
			.isEqualTo("0");
	}

}
