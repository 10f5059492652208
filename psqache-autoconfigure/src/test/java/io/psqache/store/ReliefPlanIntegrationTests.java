package io.psqache.store;

import java.sql.SQLException;
import java.util.List;

import io.psqache.PlanFixture;
import io.psqache.TestCaches;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The plan of a writer's help.
 */
class ReliefPlanIntegrationTests extends PlanFixture {

	@Test
	void neighboursOfAKeyAreFoundByTheIndex() throws SQLException {
		assertThat(plan("force_generic_plan", new EntrySql(TestCaches.SCHEMA).relieve,
				List.of("int", "varchar", "bigint", "bigint", "bigint", "varchar", "varchar"),
				"1, '5', 10, 1000, 2, null, null"))
			.contains("Index Scan using entry_pkey on entry")
			.doesNotContain("Seq Scan on entry");
	}

}
