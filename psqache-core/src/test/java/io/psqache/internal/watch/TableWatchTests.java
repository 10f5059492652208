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

package io.psqache.internal.watch;

import java.util.List;

import io.psqache.TableWatch;
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
