package io.psqache.benchmarks;

import io.psqache.benchmarks.workload.Scenario;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ScheduleTests {

	@Test
	void anOrdinaryRunTakesAtMostFortyMinutesAndOneForTheTargetsAQuarterOfAnHour() {
		assertThat(new Schedule(Options.parse()).seconds()).isBetween(20.0 * 60, 40.0 * 60);
		assertThat(new Schedule(Options.parse("--targets")).seconds()).isBetween(8.0 * 60, 15.0 * 60);
		assertThat(new Schedule(Options.parse("--quick")).seconds()).isLessThan(2.5 * 60);
	}

	@Test
	void whatIsLeftGrowsIfTheRunIsSlowerThanForetold() {
		Options options = Options.parse("--scenarios", "get", "--threads", "8,32", "--first-warm-up", "3",
				"--contenders", "jdbc");
		Schedule schedule = new Schedule(options);
		Scenario first = options.plan().scenarios().get(0);
		double all = schedule.seconds();
		assertThat(schedule.secondsLeft(0)).isEqualTo(all);
		schedule.done(first);
		double left = schedule.secondsLeft(100);
		assertThat(schedule.secondsLeft(200)).isCloseTo(2 * left, within(0.001));
		schedule.done(options.plan().scenarios().get(1));
		assertThat(schedule.secondsLeft(500)).isCloseTo(0, within(0.001));
	}

}
