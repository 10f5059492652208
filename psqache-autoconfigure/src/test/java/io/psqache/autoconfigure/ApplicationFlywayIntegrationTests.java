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

import io.psqache.test.TestDatabase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * psqache's migrations run after those of the application, and do not affect them.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationFlywayIntegrationTests {

	private static final String TABLES = """
			select string_agg(relname, ',' order by relname)
			from pg_class
			where relkind = 'r' and relnamespace = '%s'::regnamespace
			""";

	private static final String HISTORY = """
			select string_agg(to_jsonb(h)::text, ',' order by installed_rank) from %s h
			""";

	private final TestDatabase database = TestDatabase.create();

	private final TestDatabase second = TestDatabase.create();

	private final ApplicationContextRunner withoutMigrations = TestApplication.on(this.database);

	private final ApplicationContextRunner withMigrations = this.withoutMigrations
		.withPropertyValues("spring.flyway.enabled=true", "spring.flyway.locations=classpath:db/migration-app");

	@AfterEach
	void dropDatabases() {
		this.database.close();
		this.second.close();
	}

	@Test
	void migrationsOfTheApplicationRunFirst() {
		this.withMigrations.run((context) -> {
			assertThat(context).hasSingleBean(Flyway.class);
			assertThat(context.getBean(Flyway.class).info().current().getScript()).isEqualTo("V1__orders.sql");
			assertThat(context.getBean(Flyway.class).info().all()).hasSize(1);
			assertThat(this.database.query(TABLES.formatted("public"))).isEqualTo("flyway_schema_history,orders");
			assertWorks(context);
		});
	}

	@Test
	void migrationsOfTheApplicationRunFirstWithLazyBeans() {
		try (ConfigurableApplicationContext context = TestApplication.run(TestApplication.class,
				TestApplication.properties(this.database, "spring.flyway.enabled=true",
						"spring.flyway.locations=classpath:db/migration-app",
						"spring.main.lazy-initialization=true"))) {
			assertWorks(context);
			assertThat(this.database.query(TABLES.formatted("public"))).isEqualTo("flyway_schema_history,orders");
		}
	}

	@Test
	void restartKeepsBothHistories() {
		String application = HISTORY.formatted("public.flyway_schema_history");
		String psqache = HISTORY.formatted("psqache.schema_history");
		this.withMigrations.run((context) -> assertThat(context).hasNotFailed());
		String applicationBefore = this.database.query(application);
		String psqacheBefore = this.database.query(psqache);
		this.withMigrations.run((context) -> {
			assertWorks(context);
			assertThat(this.database.query(application)).isNotNull().isEqualTo(applicationBefore);
			assertThat(this.database.query(psqache)).isNotNull().isEqualTo(psqacheBefore);
		});
	}

	@Test
	void migrationsCanBeAddedLater() {
		this.withoutMigrations.withPropertyValues("psqache.schema=cache_of_orders")
			.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
		this.withMigrations.withPropertyValues("psqache.schema=cache_of_orders").run((context) -> {
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			assertThat(this.database.query(TABLES.formatted("public"))).isEqualTo("flyway_schema_history,orders");
		});
	}

	@Test
	void applicationWithoutFlywayModule() {
		this.withMigrations
			.withPropertyValues("spring.autoconfigure.exclude=" + FlywayAutoConfiguration.class.getName())
			.run((context) -> {
				assertThat(context).doesNotHaveBean(Flyway.class);
				assertWorks(context);
				assertThat(this.database.query(TABLES.formatted("public"))).isNull();
			});
	}

	@Test
	void applicationWithFlywayDisabled() {
		this.withoutMigrations.run((context) -> {
			assertThat(context).doesNotHaveBean(Flyway.class);
			assertThat(this.database.query(TABLES.formatted("public"))).isNull();
			assertWorks(context);
		});
	}

	@Test
	void scriptsOfTheApplicationRunFirst() {
		this.withoutMigrations
			.withPropertyValues("spring.sql.init.mode=always",
					"spring.sql.init.separator=" + ScriptUtils.EOF_STATEMENT_SEPARATOR,
					"spring.sql.init.schema-locations=classpath:db/migration-app/V1__orders.sql")
			.run((context) -> {
				assertWorks(context);
				assertThat(this.database.query(TABLES.formatted("public"))).isEqualTo("orders");
			});
	}

	@Test
	void primaryOfTwoDataSourcesIsUsed() {
		this.withMigrations.withBean("other", DataSource.class, this.second::dataSource)
			.withBean("main", DataSource.class, this.database::dataSource, (definition) -> definition.setPrimary(true))
			.run((context) -> {
				assertWorks(context);
				assertThat(this.database.query(TABLES.formatted("public"))).isEqualTo("flyway_schema_history,orders");
				assertThat(this.second.query("select to_regnamespace('psqache')")).isNull();
			});
	}

	@Test
	void twoEqualDataSourcesAreRefused(CapturedOutput output) {
		StartupReport report = StartupReport.of(output, TwoDataSources.class,
				TestApplication.properties(this.database));
		assertThat(report.description()).isEqualTo(
				"psqache cannot select its database: the application has more than one DataSource, and none of them is primary.");
		assertThat(report.action())
			.isEqualTo("Mark one of them @Primary, or set psqache.datasource.url (with .username and .password).");
	}

	@Test
	void separateDatabaseWithTwoEqualDataSources() {
		this.withoutMigrations.withBean("one", DataSource.class, this.second::dataSource)
			.withBean("two", DataSource.class, this.second::dataSource)
			.withPropertyValues("psqache.datasource.url=" + this.database.url(),
					"psqache.datasource.username=" + this.database.username(),
					"psqache.datasource.password=" + this.database.password())
			.run((context) -> {
				assertWorks(context);
				assertThat(this.second.query("select to_regnamespace('psqache')")).isNull();
			});
	}

	private void assertWorks(BeanFactory context) {
		assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
		assertThat(this.database.query(TABLES.formatted("psqache")))
			.isEqualTo("bound_eviction,cache,cache_entry,entry,figures,incarnation,load,near_lease,near_revocation,"
					+ "schema_history,sweeper");
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDataSources extends TestApplication {

		@Bean
		DataSource one() {
			return new DriverManagerDataSource("jdbc:postgresql://localhost/one");
		}

		@Bean
		DataSource two() {
			return new DriverManagerDataSource("jdbc:postgresql://localhost/two");
		}

	}

}
