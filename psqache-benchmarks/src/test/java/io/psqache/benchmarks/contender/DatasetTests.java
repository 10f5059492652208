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
