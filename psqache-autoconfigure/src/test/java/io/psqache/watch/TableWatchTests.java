package io.psqache.watch;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TableWatchTests {

	@Test
	void columnsOfTheKeyAreInTheirOrder() {
		TableWatch watch = TableWatch.evicting("price", "prices", "region", "isbn");
		assertThat(watch).isEqualTo(new TableWatch("price", "prices", List.of("region", "isbn"), 1_000));
		assertThat(watch.withMaxRows(5).maxRows()).isEqualTo(5);
	}

	@Test
	void clearingNeedsNoKey() {
		assertThat(TableWatch.clearing("book", "books").key()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, 100_001 })
	void numberOfRowsOutOfRangeIsRefused(int rows) {
		TableWatch watch = TableWatch.evicting("book", "books", "isbn");
		assertThatIllegalArgumentException().isThrownBy(() -> watch.withMaxRows(rows))
			.withMessageContaining("must be between 1 and 100000");
	}

	@Test
	void blankNamesAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TableWatch.clearing(" ", "books"))
			.withMessageContaining("must not be blank");
		assertThatIllegalArgumentException().isThrownBy(() -> TableWatch.clearing("book", ""));
		assertThatIllegalArgumentException().isThrownBy(() -> TableWatch.evicting("book", "books", "isbn", ""));
	}

}
