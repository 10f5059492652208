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

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.psqache.test.TestDatabase;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * The sample, started as its user starts it but on a free port, and asked over HTTP.
 */
final class RunningSample implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final RestTestClient client;

	private RunningSample(ConfigurableApplicationContext context) {
		this.context = context;
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port()).build();
	}

	static RunningSample start(String... args) {
		String[] all = Stream.concat(Stream.of("--server.port=0"), Stream.of(args)).toArray(String[]::new);
		return new RunningSample(SpringApplication.run(SampleApplication.class, all));
	}

	static RunningSample startOn(TestDatabase database, String... args) {
		List<String> connection = List.of("--spring.datasource.url=" + database.url(),
				"--spring.datasource.username=" + database.username(),
				"--spring.datasource.password=" + database.password());
		return start(Stream.concat(connection.stream(), Stream.of(args)).toArray(String[]::new));
	}

	String port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port");
	}

	RestTestClient.ResponseSpec get(String path) {
		return this.client.get().uri(path).exchange();
	}

	/**
	 * The report, and whether it came from the cache.
	 */
	Answer<Report> report() {
		return answer("/api/report", Report.class);
	}

	Answer<Sale> sale(long id) {
		return answer("/api/sales/" + id, Sale.class);
	}

	Answer<Sale[]> sales(long... ids) {
		String list = LongStream.of(ids).mapToObj(Long::toString).collect(Collectors.joining(","));
		return answer("/api/sales?ids=" + list, Sale[].class);
	}

	private <T> Answer<T> answer(String path, Class<T> type) {
		EntityExchangeResult<T> result = get(path).expectStatus().isOk().expectBody(type).returnResult();
		String cacheStatus = Objects.requireNonNull(result.getResponseHeaders().getFirst("Cache-Status"));
		return new Answer<>(Objects.requireNonNull(result.getResponseBody()), cacheStatus.equals("psqache; hit"));
	}

	<T> T body(String path, Class<T> type) {
		return Objects
			.requireNonNull(get(path).expectStatus().isOk().expectBody(type).returnResult().getResponseBody());
	}

	RestTestClient.ResponseSpec updateQuantity(long id, int quantity) {
		return this.client.put().uri("/api/sales/{id}/quantity", id).body(quantity).exchange();
	}

	void evictReport() {
		this.client.delete().uri("/api/report").exchange().expectStatus().isNoContent();
	}

	/**
	 * The entries that the sample shows.
	 */
	List<CacheEntry> entries(String cache) {
		return Stream.of(body("/api/entries", CacheEntry[].class))
			.filter((entry) -> entry.cache().equals(cache))
			.toList();
	}

	/**
	 * Hits of a cache, by the metrics endpoint.
	 */
	long hits(String cache) {
		Metric metric = body("/actuator/metrics/cache.gets?tag=result:hit&tag=cache:" + cache, Metric.class);
		return (long) metric.measurements().get(0).value();
	}

	/**
	 * The status of psqache by the health endpoint, whatever that of the whole is.
	 */
	String health() {
		Health health = get("/actuator/health").expectBody(Health.class).returnResult().getResponseBody();
		return Objects.requireNonNull(health).components().psqache().status();
	}

	@Override
	public void close() {
		this.context.close();
	}

	record Answer<T>(T body, boolean cached) {
	}

	private record Metric(List<Measurement> measurements) {

		private record Measurement(double value) {
		}

	}

	private record Health(Components components) {

		private record Components(Component psqache) {
		}

		private record Component(String status) {
		}

	}

}
