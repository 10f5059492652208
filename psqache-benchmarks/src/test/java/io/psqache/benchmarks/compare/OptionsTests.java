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
