package io.psqache.docs;

import java.math.BigDecimal;
import java.util.Objects;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

@Repository
class PriceRepository {

	private final JdbcTemplate jdbc;

	PriceRepository(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	Price load(String region, String isbn) {
		return new Price(Objects.requireNonNull(this.jdbc
			.queryForObject("select amount from price where region = ? and isbn = ?", BigDecimal.class, region, isbn)));
	}

}
