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

package io.psqache;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.plain.CacheConfiguration;
import io.psqache.plain.Title;
import io.psqache.plain.TitleService;
import io.psqache.plain.TransactionConfiguration;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.Advised;
import org.springframework.cache.Cache;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The application of docs/plain-spring.md: the cache without Spring Boot.
 */
class PlainSpringIntegrationTests {

	private static final Title EMMA = new Title("978-1", "Emma");

	private static final Title PERSUASION = new Title("978-1", "Persuasion");

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource dataSource = pool(this.database);

	@BeforeEach
	void createTable() {
		this.database.execute("create table title (isbn text primary key, text text)");
		this.database.execute("insert into title values ('978-1', 'Emma')");
	}

	@AfterEach
	void dropDatabase() {
		this.dataSource.close();
		this.database.close();
	}

	@Test
	void annotatedMethodIsCalledOnce() {
		try (AnnotationConfigApplicationContext context = application()) {
			TitleService titles = context.getBean(TitleService.class);
			assertThat(titles.find("978-1")).isEqualTo(EMMA);
			assertThat(titles.find("978-1")).isEqualTo(EMMA);
			assertThat(titles.loads()).isOne();
		}
	}

	@Test
	void typeOfValuesIsInferredFromAnnotatedMethod() {
		try (AnnotationConfigApplicationContext context = application()) {
			context.getBean(TitleService.class).find("978-1");
			assertThat(this.database.query("select value::text from psqache.entries")).doesNotContain("@class");
		}
	}

	@Test
	void evictionOfAnnotatedMethodIsPartOfItsTransaction() {
		try (AnnotationConfigApplicationContext context = application()) {
			TitleService titles = context.getBean(TitleService.class);
			assertThat(Stream.of(((Advised) titles).getAdvisors()).findFirst())
				.containsInstanceOf(BeanFactoryTransactionAttributeSourceAdvisor.class);
			titles.find("978-1");
			titles.change(PERSUASION);
			assertThat(titles.find("978-1")).isEqualTo(PERSUASION);
		}
	}

	@Test
	void evictionCommitsWithTheTransaction() {
		try (AnnotationConfigApplicationContext context = application()) {
			TitleService titles = context.getBean(TitleService.class);
			titles.find("978-1");
			transaction(context).executeWithoutResult((status) -> {
				titles.change(PERSUASION);
				assertThat(this.database.query("select count(*) from psqache.entries")).isEqualTo("1");
			});
			assertThat(this.database.query("select count(*) from psqache.entries")).isEqualTo("0");
			assertThat(titles.find("978-1")).isEqualTo(PERSUASION);
		}
	}

	@Test
	void evictionRollsBackWithTheTransaction() {
		try (AnnotationConfigApplicationContext context = application()) {
			TitleService titles = context.getBean(TitleService.class);
			titles.find("978-1");
			transaction(context).executeWithoutResult((status) -> {
				titles.change(PERSUASION);
				status.setRollbackOnly();
			});
			assertThat(titles.find("978-1")).isEqualTo(EMMA);
			assertThat(titles.loads()).isOne();
		}
	}

	@Test
	void contextClosesCacheButNotDataSource() {
		PostgresCacheManager manager;
		try (AnnotationConfigApplicationContext context = application()) {
			manager = context.getBean(PostgresCacheManager.class);
			manager.probe();
		}
		assertThatException().isThrownBy(manager::probe);
		assertThat(this.dataSource.isClosed()).isFalse();
	}

	@Test
	void buildCreatesSchema() {
		assertThat(this.database.query("select to_regnamespace('psqache')")).isNull();
		try (PostgresCacheManager manager = builder().build()) {
			assertThat(this.database.query("select to_regnamespace('psqache')")).isEqualTo("psqache");
			assertThat(manager.probe().serverVersion()).isNotBlank();
		}
	}

	@Test
	void otherDatabaseFailsStartup() {
		DataSource other = new DriverManagerDataSource("jdbc:h2:mem:plain");
		assertThatExceptionOfType(CacheStartupException.class)
			.isThrownBy(() -> PostgresCacheManager.builder(other).build())
			.withMessageContaining("H2");
	}

	@Test
	void hiddenUrlFailsStartupUnlessConfigured() {
		DataSource opaque = new Opaque(this.dataSource);
		assertThatExceptionOfType(CacheStartupException.class)
			.isThrownBy(() -> PostgresCacheManager.builder(opaque).build())
			.withMessageContaining("cannot determine the URL");
		try (PostgresCacheManager manager = PostgresCacheManager.builder(opaque)
			.timeout(PATIENCE)
			.database(this.database.url(), this.database.username(), this.database.password())
			.build()) {
			assertThat(manager.probe().serverVersion()).isNotBlank();
		}
	}

	@Test
	void unreachableServerFailsStartupIfFailFast() {
		DataSource away = new DriverManagerDataSource("jdbc:postgresql://localhost:1/none", "none", "none");
		assertThatExceptionOfType(CacheStartupException.class)
			.isThrownBy(() -> PostgresCacheManager.builder(away).failFast(true).build());
		try (PostgresCacheManager manager = PostgresCacheManager.builder(away).build()) {
			assertThat(manager.getStatus().breaker()).isNotEqualTo(BreakerState.CLOSED);
		}
	}

	@Test
	void dangerousPackageIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder().trustedPackages(List.of("com.acme", "org.springframework.aop")))
			.withMessageContaining("org.springframework.aop cannot be trusted");
	}

	@Test
	void valueOfTrustedPackageNeedsNoDeclaredType() {
		try (PostgresCacheManager trusting = builder().trustedPackages(List.of("io.psqache.plain")).build();
				PostgresCacheManager other = builder().build()) {
			titles(trusting).put("978-1", EMMA);
			assertThat(titles(trusting).get("978-1", Title.class)).isEqualTo(EMMA);
			assertThat(titles(other).get("978-1")).isNull();
		}
	}

	@Test
	void managerWithoutSweeperSweepsOnlyOnCleanup() {
		try (PostgresCacheManager manager = builder().withoutSweeper().build()) {
			titles(manager).put("978-1", "Emma");
			this.database.execute("update psqache.cache_entry set expires_at = now() - interval '1 day'");
			assertThat(Thread.getAllStackTraces().keySet()).noneMatch((thread) -> thread.getName().contains("sweep"));
			assertThat(manager.cleanup()).isOne();
		}
	}

	private PostgresCacheManagerBuilder builder() {
		return PostgresCacheManager.builder(this.dataSource).timeout(PATIENCE);
	}

	private static Cache titles(PostgresCacheManager manager) {
		return Objects.requireNonNull(manager.getCache("titles"));
	}

	private static TransactionTemplate transaction(AnnotationConfigApplicationContext context) {
		return new TransactionTemplate(context.getBean(JdbcTransactionManager.class));
	}

	private AnnotationConfigApplicationContext application() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean(DataSource.class, () -> this.dataSource,
				(definition) -> definition.setDestroyMethodName(""));
		context.register(CacheConfiguration.class, TransactionConfiguration.class, TitleService.class);
		context.refresh();
		return context;
	}

	private static HikariDataSource pool(TestDatabase database) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(database.url());
		pool.setUsername(database.username());
		pool.setPassword(database.password());
		pool.setMaximumPoolSize(3);
		return pool;
	}

	/**
	 * A {@code DataSource} that hides its delegate.
	 */
	private static final class Opaque extends AbstractDataSource {

		private final DataSource target;

		Opaque(DataSource target) {
			this.target = target;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return this.target.getConnection();
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return getConnection();
		}

	}

}
