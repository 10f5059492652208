package io.psqache.benchmarks.workload;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class WorkloadTests {

	private static final int ENTRIES = 1000;

	@ParameterizedTest
	@ValueSource(strings = { "100", "1k", "16k" })
	void valuesHaveTheirSizeAsJson(String size) {
		Dataset dataset = new Dataset(ValueSize.parse(size), 1, 7);
		for (int id = 0; id < dataset.products(); id++) {
			assertThat(JsonMapper.shared().writeValueAsBytes(dataset.product(id))).hasSize(dataset.size().bytes());
		}
	}

	@Test
	void aKeyHoldsItsOwnValuesOnly() {
		Dataset dataset = new Dataset(ValueSize.parse("100"), ENTRIES, 7);
		assertThat(dataset.value(3, 0)).isNotEqualTo(dataset.value(3, 1));
		assertThat(dataset.holds(3, dataset.value(3, 1))).isTrue();
		assertThat(dataset.mayHold(3, dataset.value(3, 1))).isTrue();
		assertThat(dataset.holds(3, dataset.value(4, 1))).isFalse();
		assertThat(dataset.mayHold(3, dataset.value(4, 1))).isFalse();
		assertThat(dataset.mayHold(3, null)).isFalse();
	}

	@Test
	void theSameSeedMakesTheSameRun() {
		Scenario scenario = scenario(Workload.MIXED, KeyDistribution.ZIPF);
		Steps one = new Steps(scenario, ENTRIES, 7);
		Steps other = new Steps(scenario, ENTRIES, 7);
		for (int place = 0; place < 10_000; place++) {
			assertThat(one.key(place)).isEqualTo(other.key(place)).isBetween(0, ENTRIES - 1);
			assertThat(one.isOther(place)).isEqualTo(other.isOther(place));
		}
	}

	@Test
	void oneStepInTenIsTheOtherThing() {
		Steps steps = new Steps(scenario(Workload.GET90, KeyDistribution.UNIFORM), ENTRIES, 7);
		long others = 0;
		for (int place = 0; place < 100_000; place++) {
			others += steps.isOther(place) ? 1 : 0;
		}
		assertThat(others).isBetween(9_500L, 10_500L);
	}

	/**
	 * Of 1,000 keys the most popular one gets 1 / (1 + 1/2^0.99 + 1/3^0.99 + ...), which
	 * is 13 %.
	 */
	@Test
	void zipfPrefersAFewKeys() {
		Steps steps = new Steps(scenario(Workload.GET, KeyDistribution.ZIPF), ENTRIES, 7);
		Map<Integer, Integer> counts = new HashMap<>();
		for (int place = 0; place < 100_000; place++) {
			counts.merge(steps.key(place), 1, Integer::sum);
		}
		assertThat(counts.values().stream().mapToInt(Integer::intValue).max().orElse(0)).isBetween(12_000, 14_000);
		assertThat(counts).hasSizeGreaterThan(900);
	}

	private static Scenario scenario(Workload workload, KeyDistribution keys) {
		return new Scenario(workload, ValueSize.parse("100"), new Callers(1, false), keys);
	}

}
