package io.psqache.docs;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

public record Order(long id, List<Line> lines, Instant placedAt) {

	public record Line(String isbn, BigDecimal price) {

	}

}
