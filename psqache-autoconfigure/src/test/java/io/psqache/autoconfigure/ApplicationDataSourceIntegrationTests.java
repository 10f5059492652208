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

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;

import javax.sql.DataSource;

import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * psqache's pool uses the connection details of the {@code DataSource} that Spring Boot
 * creates. The role of a connection shows their source.
 */
class ApplicationDataSourceIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final String role = this.database.createRole();

	private final ApplicationContextRunner empty = new ApplicationContextRunner()
		.withUserConfiguration(TestApplication.class)
		.withPropertyValues("spring.flyway.enabled=false", "psqache.timeout=10s");

	private final ApplicationContextRunner fromProperties = new ApplicationContextRunner()
		.withUserConfiguration(TestApplication.class)
		.withPropertyValues(TestApplication.properties(this.database.url(), this.role, this.database.password()));

	ApplicationDataSourceIntegrationTests() {
		this.database.execute("create schema psqache authorization " + this.role);
	}

	@Test
	void poolOfSpringBoot() {
		this.fromProperties.run(this::assertConnects);
	}

	@Test
	void lazyDataSourceOfSpringBoot() {
		this.fromProperties.withPropertyValues("spring.datasource.connection-fetch=lazy").run((context) -> {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(LazyConnectionDataSourceProxy.class);
			assertConnects(context);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "eager", "lazy" })
	void driverPropertiesOfPoolOfSpringBoot(String fetch) {
		this.fromProperties
			.withPropertyValues("spring.datasource.connection-fetch=" + fetch,
					"spring.datasource.hikari.data-source-properties.options=-c work_mem=12345kB")
			.run((context) -> {
				assertConnects(context);
				assertThat(show(context, "work_mem")).isEqualTo("12345kB");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "eager", "lazy" })
	void connectionDetailsOfService(String fetch) {
		this.empty.withPropertyValues("spring.datasource.connection-fetch=" + fetch)
			.withBean(JdbcConnectionDetails.class, Service::new)
			.run(this::assertConnects);
	}

	@Test
	void hiddenPoolOfSpringBoot() {
		this.fromProperties.withBean(Hiding.class).run((context) -> {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(OpaqueDataSource.class);
			assertConnects(context);
		});
	}

	private void assertConnects(BeanFactory context) throws Exception {
		assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
		assertThat(show(context, "session_authorization")).isEqualTo(this.role);
		assertThat(show(context, "application_name")).isEqualTo("psqache");
		assertThat(this.database.query("select tableowner from pg_tables where tablename = 'entry'"))
			.isEqualTo(this.role);
	}

	private static String show(BeanFactory context, String setting) throws Exception {
		try (Connection connection = TestApplication.pool(context).getConnection();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("show " + setting)) {
			rows.next();
			return rows.getString(1);
		}
	}

	/**
	 * The details that {@code @ServiceConnection} would contribute.
	 */
	private final class Service implements JdbcConnectionDetails {

		@Override
		public String getUsername() {
			return ApplicationDataSourceIntegrationTests.this.role;
		}

		@Override
		public String getPassword() {
			return ApplicationDataSourceIntegrationTests.this.database.password();
		}

		@Override
		public String getJdbcUrl() {
			return ApplicationDataSourceIntegrationTests.this.database.url();
		}

	}

	static class Hiding implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return beanName.equals("dataSource") ? new OpaqueDataSource() : bean;
		}

	}

}
