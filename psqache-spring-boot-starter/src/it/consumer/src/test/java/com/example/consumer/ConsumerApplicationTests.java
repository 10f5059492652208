package com.example.consumer;

import java.io.IOException;

import com.example.consumer.BookService.Book;
import io.micrometer.core.instrument.MeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
class ConsumerApplicationTests {

	private static final EmbeddedPostgres postgres = start();

	@Autowired
	private BookService books;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private HealthEndpoint health;

	@Autowired
	private MeterRegistry meters;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", () -> postgres.getJdbcUrl("postgres", "postgres"));
	}

	@AfterAll
	static void stop() throws IOException {
		postgres.close();
	}

	@Test
	void cachesInPostgres() {
		Book first = this.books.find("1");
		assertThat(this.books.find("1")).isEqualTo(first);
		assertThat(this.jdbc.sql("select value ->> 'title' from psqache.entries where key = '\"1\"'")
			.query(String.class)
			.single()).isEqualTo(first.title());
		this.books.change("1", new Book("1", "Changed"));
		assertThat(this.books.find("1")).isNotEqualTo(first);
	}

	@Test
	void hasHealthAndMetrics() {
		this.books.find("2");
		this.books.find("2");
		assertThat(this.health.healthForPath("psqache").getStatus()).isEqualTo(Status.UP);
		assertThat(this.meters.get("cache.gets").tags("cache", "books", "result", "hit").functionCounter().count())
			.isPositive();
	}

	private static EmbeddedPostgres start() {
		try {
			return EmbeddedPostgres.start();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
