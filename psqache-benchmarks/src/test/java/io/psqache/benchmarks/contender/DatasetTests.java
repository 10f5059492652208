package io.psqache.benchmarks.contender;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class DatasetTests {

	@ParameterizedTest
	@ValueSource(ints = { 100, 1024, 16384 })
	void valuesHaveTheirSizeAsJson(int bytes) {
		Dataset dataset = new Dataset(bytes, 1, 7);
		for (int key = 0; key < 512; key++) {
			assertThat(JsonMapper.shared().writeValueAsBytes(dataset.value(key, 0))).hasSize(bytes);
			assertThat(JsonMapper.shared().writeValueAsBytes(dataset.value(key, 1))).hasSize(bytes);
		}
	}

	@Test
	void keyHasItsOwnValuesOnly() {
		Dataset dataset = new Dataset(100, 1000, 7);
		assertThat(dataset.value(3, 0)).isNotEqualTo(dataset.value(3, 1));
		assertThat(dataset.holds(3, dataset.value(3, 1))).isTrue();
		assertThat(dataset.mayHold(3, dataset.value(3, 1))).isTrue();
		assertThat(dataset.holds(3, dataset.value(4, 1))).isFalse();
		assertThat(dataset.mayHold(3, dataset.value(4, 1))).isFalse();
		assertThat(dataset.mayHold(3, null)).isFalse();
	}

	@Test
	void seedDeterminesTheValues() {
		assertThat(new Dataset(100, 1, 7).value(3, 1)).isEqualTo(new Dataset(100, 1, 7).value(3, 1))
			.isNotEqualTo(new Dataset(100, 1, 8).value(3, 1));
	}

}
