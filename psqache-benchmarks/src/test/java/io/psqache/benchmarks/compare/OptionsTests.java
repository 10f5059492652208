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

package io.psqache.benchmarks.compare;

import java.util.List;

import io.psqache.benchmarks.contender.ContenderKind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OptionsTests {

	@Test
	void chosenValuesAreCombinedWithTheDefaultsOfTheOthers() {
		assertThat(Options.parse("--scenarios", "put", "--threads", "2,v1000").scenarios()).containsExactly(
				new Scenario(Scenario.Workload.PUT, 1024, new Callers(2, false)),
				new Scenario(Scenario.Workload.PUT, 1024, new Callers(1000, true)));
		assertThat(Options.parse("--sizes", "16k").scenarios()).hasSize(8)
			.allMatch((scenario) -> scenario.valueBytes() == 16384);
	}

	@Test
	void targetsMeasureOnlyWhatTheyCompare() {
		Options options = Options.parse("--targets", "--rounds", "7", "--output", "somewhere");
		assertThat(options.scenarios()).isEqualTo(Targets.scenarios());
		assertThat(options.command()).isEqualTo("--targets --rounds 7");
		assertThat(options.contenders(Scenario.all("put", "1k", "8").get(0))).containsExactly(ContenderKind.PSQACHE,
				ContenderKind.PSQACHE_BINARY, ContenderKind.FLOOR, ContenderKind.FLOOR_BINARY);
	}

	@Test
	void allContendersTakePartUnlessSomeAreChosen() {
		Scenario scenario = Scenario.all("get", "1k", "8").get(0);
		assertThat(Options.parse().contenders(scenario)).containsExactly(ContenderKind.values());
		assertThat(Options.parse("--contenders", "floor,pgcache").contenders(scenario))
			.isEqualTo(List.of(ContenderKind.FLOOR, ContenderKind.PGCACHE));
	}

	@Test
	void unknownOptionOrContenderIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--fast")).withMessageContaining("--fast");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--contenders", "memcached"))
			.withMessageContaining("memcached")
			.withMessageContaining("redis-cache");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--warm-up", "3..2"));
	}

}
