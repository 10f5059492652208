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

import java.util.Objects;

import javax.sql.DataSource;

import io.psqache.LostEvictionException;
import io.psqache.PostgresCache;
import io.psqache.test.TestDatabase;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PostUpdate;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Transactions of JPA, which flushes changes at the commit.
 */
@TestInstance(Lifecycle.PER_CLASS)
class JpaTransactionsIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	private ConfigurableApplicationContext application;

	@SuppressWarnings("NullAway.Init")
	private Authors authors;

	@BeforeAll
	void start() {
		this.database
			.execute("create table author (id bigint primary key, name text not null check (length(name) < 50))");
		this.database.execute("insert into author values (1, 'Ada')");
		this.application = TestApplication.run(JpaApplication.class, TestApplication.properties(this.database));
		this.authors = this.application.getBean(Authors.class);
	}

	@AfterAll
	void stop() {
		this.application.close();
		this.database.close();
	}

	@BeforeEach
	void reset() {
		cache("authors").clear();
		cache("names").clear();
		this.database.execute("update author set name = 'Ada'");
	}

	@Test
	void evictionIsCommittedWithChangeOfEntity() {
		assertThat(this.authors.name(1)).isEqualTo("Ada");
		this.authors.rename(1, "Grace");
		assertThat(cache("authors").get(1L)).isNull();
		assertThat(this.authors.name(1)).isEqualTo("Grace");
	}

	@Test
	void rollbackUndoesChangeButNotEvictionBeforeInvocation() {
		assertThat(this.authors.name(1)).isEqualTo("Ada");
		assertThatIllegalStateException().isThrownBy(() -> this.authors.renameAndFail(1));
		assertThat(cache("authors").get(1L)).isNull();
		assertThat(this.database.query("select name from author")).isEqualTo("Ada");
	}

	@Test
	void evictionOfEntityListenerIsPartOfCommit() {
		cache("names").put(1L, "Ada");
		Renames.cache = cache("names");
		this.database.execute("create function refuse() returns trigger language plpgsql as "
				+ "$$ begin raise exception 'refused'; end $$");
		this.database.execute("create trigger refuse before insert or update on psqache.cache_entry for each row "
				+ "when (new.type = 'evicted' and new.cache_id = ("
				+ this.database.query("select id from psqache.cache where name = 'names'")
				+ ")) execute function refuse()");
		assertThatExceptionOfType(LostEvictionException.class).isThrownBy(() -> this.authors.rename(1, "Grace"));
		this.database.execute("drop trigger refuse on psqache.cache_entry");
		assertThat(this.database.query("select name from author")).isEqualTo("Ada");
		assertThat(cache("names").get(1L, String.class)).isEqualTo("Ada");
		this.authors.rename(1, "Grace");
		assertThat(cache("names").get(1L)).isNull();
	}

	@Test
	void firstEvictionDuringCommitIsExecutedAfterIt() {
		cache("names").put(1L, "Ada");
		Renames.cache = cache("names");
		this.authors.renameQuietly(1, "Grace");
		assertThat(cache("names").get(1L)).isNull();
	}

	/**
	 * The loader reads with SQL a change that the persistence context has not flushed.
	 */
	@Test
	void loadAfterEvictionSeesChangeOfEntity() {
		this.authors.renameAndLoad(1, "Grace", cache("names"));
		assertThat(cache("names").get(1L, String.class)).isEqualTo("Grace");
	}

	@Test
	void failureOfCommitIsSameAsWithoutCache() {
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> this.authors.rename(1, "x".repeat(100)));
	}

	private PostgresCache cache(String name) {
		return TestApplication.cache(this.application, name);
	}

	@Entity(name = "author")
	@DynamicUpdate
	@EntityListeners(Renames.class)
	static class Author {

		@Id
		private long id;

		@SuppressWarnings("NullAway.Init")
		private String name;

	}

	static class Renames {

		private static @Nullable PostgresCache cache;

		@PostUpdate
		void renamed(Author author) {
			if (cache != null) {
				cache.evict(author.id);
			}
		}

	}

	static class Authors {

		@PersistenceContext
		@SuppressWarnings("NullAway.Init")
		private EntityManager entityManager;

		private final JdbcClient jdbc;

		Authors(JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		@Cacheable("authors")
		@Transactional
		public String name(long id) {
			return author(id).name;
		}

		@CacheEvict(cacheNames = "authors", key = "#id")
		@Transactional
		public void rename(long id, String name) {
			author(id).name = name;
		}

		@CacheEvict(cacheNames = "authors", key = "#id", beforeInvocation = true)
		@Transactional
		public void renameAndFail(long id) {
			author(id).name = "Bob";
			throw new IllegalStateException("no");
		}

		@Transactional
		public void renameQuietly(long id, String name) {
			author(id).name = name;
		}

		@Transactional
		public void renameAndLoad(long id, String name, PostgresCache names) {
			author(id).name = name;
			names.evict(id);
			names.get(id, () -> this.jdbc.sql("select name from author").query(String.class).single());
		}

		private Author author(long id) {
			return Objects.requireNonNull(this.entityManager.find(Author.class, id));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(TestApplication.class)
	@EnableTransactionManagement
	static class JpaApplication {

		@Bean
		Authors authors(JdbcClient jdbc) {
			return new Authors(jdbc);
		}

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setManagedTypes(PersistenceManagedTypes.of(Author.class.getName()));
			return factory;
		}

		@Bean
		JpaTransactionManager transactionManager(EntityManagerFactory entityManagerFactory) {
			return new JpaTransactionManager(entityManagerFactory);
		}

	}

}
