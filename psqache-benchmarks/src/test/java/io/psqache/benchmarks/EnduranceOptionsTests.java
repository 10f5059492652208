package io.psqache.benchmarks;

import io.psqache.benchmarks.endurance.EndurancePlan;
import io.psqache.benchmarks.endurance.Sizes;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EnduranceOptionsTests {

	@Test
	void theChosenExperimentsAtTheChosenSize() {
		EndurancePlan plan = EnduranceOptions.parse("--output", "somewhere", "--endurance", "churn,hits", "--quick");
		assertThat(plan.experiments()).containsExactly("churn", "hits");
		assertThat(plan.sizes()).isEqualTo(Sizes.QUICK);
		assertThat(plan.command()).isEqualTo("--endurance churn,hits --quick");
		assertThat(EnduranceOptions.parse("--endurance").sizes()).isEqualTo(Sizes.FULL);
		assertThat(EnduranceOptions.parse("--endurance", "--amount", "0.4").sizes())
			.isEqualTo(new Sizes(0.4, Sizes.FULL.time()));
	}

	@Test
	void anUnknownOptionOrExperimentIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> EnduranceOptions.parse("--endurance", "--rounds", "3"))
			.withMessageContaining("--rounds");
		assertThatIllegalArgumentException().isThrownBy(() -> EnduranceOptions.parse("--endurance", "patience"))
			.withMessageContaining("patience")
			.withMessageContaining("churn");
	}

}
