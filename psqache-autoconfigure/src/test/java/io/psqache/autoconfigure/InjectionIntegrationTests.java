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

package io.psqache.autoconfigure;

import javax.sql.DataSource;

import io.micrometer.core.instrument.MeterRegistry;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * psqache's pool is not injected into other beans as a {@code DataSource}.
 */
class InjectionIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database);

	@Test
	void dataSourceOfTheApplicationIsInjected() {
		this.application.withBean(Repository.class)
			.run((context) -> assertThat(context.getBean(Repository.class).dataSource())
				.isSameAs(context.getBean("dataSource")));
	}

	@Test
	void otherAutoConfigurationsSeeOneDataSource() {
		this.application.run((context) -> {
			assertThat(context).hasSingleBean(JdbcTemplate.class)
				.hasSingleBean(JdbcClient.class)
				.hasSingleBean(PlatformTransactionManager.class);
			assertThat(context.getBean(JdbcTemplate.class).getDataSource()).isSameAs(context.getBean("dataSource"));
		});
	}

	@Test
	void healthOfDatabaseHasOneComponent() {
		this.application.run((context) -> {
			HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
			assertThat(registry.getContributor("db")).isInstanceOf(DataSourceHealthIndicator.class);
			assertThat(registry.getContributor("psqache")).isInstanceOf(PsqacheHealthIndicator.class);
		});
	}

	@Test
	void metricsOfPoolAreBound() {
		this.application.withPropertyValues("psqache.pool.maximum-size=3").run((context) -> {
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			context.getBean(JdbcTemplate.class).execute("select 1");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("hikaricp.connections.max").tag("pool", "psqache").gauge().value()).isEqualTo(3);
			assertThat(registry.find("hikaricp.connections").tag("pool", "psqache").gauge()).isNotNull();
			assertThat(registry.find("hikaricp.connections").gauges()).hasSize(2);
		});
	}

	record Repository(DataSource dataSource) {

	}

}
