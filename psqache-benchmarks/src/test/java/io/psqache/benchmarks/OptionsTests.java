package io.psqache.benchmarks;

import java.util.List;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.KeyDistribution;
import io.psqache.benchmarks.workload.Plan;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.ValueSize;
import io.psqache.benchmarks.workload.Workload;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OptionsTests {

	@Test
	void withoutOptionsThePlanIsTheStandardOne() {
		assertThat(Options.parse().plan()).isEqualTo(Plan.standard());
	}

	@Test
	void whatIsChosenIsCombinedWithTheValuesOfWhatIsNot() {
		assertThat(Options.parse("--scenarios", "put", "--threads", "2,v1000").plan().scenarios()).containsExactly(
				new Scenario(Workload.PUT, new ValueSize(1024), new Callers(2, false), KeyDistribution.UNIFORM),
				new Scenario(Workload.PUT, new ValueSize(1024), new Callers(1000, true), KeyDistribution.UNIFORM));
	}

	@Test
	void chosenContendersTakePartOnlyWhereTheyCan() {
		Options options = Options.parse("--contenders", "redis-cache-async,caffeine", "--scenarios", "get,put");
		assertThat(options.plan().scenarios()).hasSize(8);
		assertThat(options.contenders(options.plan().scenarios().get(0)))
			.isEqualTo(List.of(ContenderKind.REDIS_CACHE_ASYNC, ContenderKind.CAFFEINE));
		assertThat(options.contenders(options.plan().scenarios().get(7))).isEqualTo(List.of(ContenderKind.CAFFEINE));
	}

	@Test
	void theTargetsAloneBringOnlyWhomTheyCompare() {
		Options options = Options.parse("--targets", "--rounds", "7", "--output", "somewhere");
		assertThat(options.plan()).isEqualTo(Plan.targets());
		assertThat(options.command()).isEqualTo("--targets --rounds 7");
		assertThat(options.contenders(options.plan().scenarios().get(0)))
			.isEqualTo(List.of(ContenderKind.PSQACHE, ContenderKind.REDIS_CACHE));
	}

	@Test
	void anUnknownOptionOrContenderIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--fast")).withMessageContaining("--fast");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--contenders", "memcached"))
			.withMessageContaining("memcached")
			.withMessageContaining("redis-cache");
	}

}
