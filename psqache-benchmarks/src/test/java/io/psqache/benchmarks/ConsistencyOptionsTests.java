package io.psqache.benchmarks;

import java.nio.file.Path;

import io.psqache.benchmarks.consistency.CacheSetup;
import io.psqache.benchmarks.consistency.ConsistencyPlan;
import io.psqache.benchmarks.consistency.Load;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ConsistencyOptionsTests {

	@Test
	void theChosenCachesUnderTheChosenLoads() {
		ConsistencyPlan plan = ConsistencyOptions.parse("--output", "somewhere", "--consistency",
				"psqache,redis-immediate", "--loads", "sql", "--operations", "20_000", "--seed", "7");
		assertThat(plan.setups()).containsExactly(CacheSetup.PSQACHE, CacheSetup.REDIS_IMMEDIATE);
		assertThat(plan.loads()).containsExactly(Load.SQL);
		assertThat(plan.operations()).isEqualTo(20_000);
		assertThat(plan.seed()).isEqualTo(7);
		assertThat(plan.output()).isEqualTo(Path.of("somewhere"));
		assertThat(plan.command())
			.isEqualTo("--consistency psqache,redis-immediate --loads sql --operations 20_000 --seed 7");
	}

	@Test
	void allLoadsByDefault() {
		assertThat(ConsistencyOptions.parse("--consistency").loads()).containsExactly(Load.values());
		assertThat(ConsistencyOptions.parse("--consistency", "--quick").operations())
			.isLessThan(ConsistencyOptions.parse("--consistency").operations());
	}

	@Test
	void operationsThatCannotBeSharedOutAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ConsistencyOptions.parse("--consistency", "--operations", "1000"))
			.withMessageContaining("1000")
			.withMessageContaining("160");
	}

	@Test
	void whatThereIsNotIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ConsistencyOptions.parse("--consistency", "memcached"))
			.withMessageContaining("memcached")
			.withMessageContaining("redis-immediate");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ConsistencyOptions.parse("--consistency", "--loads", "heavy"))
			.withMessageContaining("heavy")
			.withMessageContaining("evictions");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ConsistencyOptions.parse("--consistency", "--rounds", "3"))
			.withMessageContaining("--rounds");
	}

}
