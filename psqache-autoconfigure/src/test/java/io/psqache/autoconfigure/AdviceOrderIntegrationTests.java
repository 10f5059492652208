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

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;

import io.psqache.PostgresCache;
import io.psqache.test.TestDatabase;
import org.aopalliance.intercept.MethodInterceptor;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.retry.annotation.EnableRetry;
import org.springframework.retry.annotation.Retryable;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The order of advisors: advice of the application around its transactions stays there,
 * and cache annotations are processed inside the transactions.
 */
class AdviceOrderIntegrationTests {

	private static final String IN_TRANSACTION = "in a transaction";

	private static final String OUTSIDE = "outside";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database).withBean(Books.class);

	@Test
	void retryAroundTransactionBeginsNewTransaction() {
		this.application.withUserConfiguration(RetryAroundTransactions.class).run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put(1, "old");
			Books books = context.getBean(Books.class);
			books.changeAtSecondAttempt(1);
			assertThat(books.transactions()).hasSize(2).doesNotHaveDuplicates();
			assertThat(cache.get(1)).isNull();
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { AspectAround.class, AdvisorAround.class })
	void aspectBeforeLowestPrecedenceStaysAroundTransaction(Class<?> configuration) {
		this.application.withUserConfiguration(configuration).run((context) -> {
			context.getBean(Books.class).change(1, false);
			assertThat(context.getBean(Recorder.class).seen).containsExactly(OUTSIDE);
		});
	}

	@Test
	void aspectInsideOrderedTransactionsStaysThere() {
		this.application.withUserConfiguration(OrderedTransactions.class, AspectAround.class).run((context) -> {
			context.getBean(Books.class).change(1, false);
			assertThat(context.getBean(Recorder.class).seen).containsExactly(IN_TRANSACTION);
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { AspectAround.class, AdvisorAround.class, TransactionsFirstDefined.class,
			CacheFirstDefined.class })
	void evictionIsPartOfTransactionOfItsMethod(Class<?> configuration) {
		this.application.withUserConfiguration(configuration).run((context) -> {
			this.database.execute("""
					create function refuse() returns trigger language plpgsql as
					$$ begin raise exception 'refused'; end $$;
					create constraint trigger refuse after insert on book deferrable initially deferred
					for each row execute function refuse()
					""");
			PostgresCache cache = TestApplication.cache(context, "books");
			cache.put(1, "old");
			Books books = context.getBean(Books.class);
			assertThat(catchThrowable(() -> books.change(1, true))).isNotNull();
			assertThat(cache.get(1)).as("the commit failed").isNotNull();
		});
	}

	@Test
	void transactionAdvisorKeepsItsOrder() {
		this.application.run((context) -> {
			assertThat(context.getBean(BeanFactoryTransactionAttributeSourceAdvisor.class).getOrder())
				.isEqualTo(Ordered.LOWEST_PRECEDENCE);
			assertThat(advisors(context.getBean(Books.class))).containsExactly("Transaction", "Cache");
		});
	}

	@Test
	void cacheIsOutsideTransactionInModeNone() {
		this.application.withUserConfiguration(CacheFirstDefined.class)
			.withPropertyValues("psqache.transactions=none")
			.run((context) -> assertThat(advisors(context.getBean(Books.class))).containsExactly("Cache",
					"Transaction"));
	}

	private static List<String> advisors(Object proxy) {
		List<String> names = new ArrayList<>();
		for (Advisor advisor : ((Advised) proxy).getAdvisors()) {
			String name = advisor.getClass().getSimpleName();
			if (name.startsWith("BeanFactory")) {
				names.add(name.contains("Transaction") ? "Transaction" : "Cache");
			}
		}
		return names;
	}

	static class Books {

		private final List<Object> transactions = new ArrayList<>();

		private final JdbcTemplate jdbc;

		Books(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
			jdbc.execute("create table if not exists book (isbn int)");
		}

		@Retryable
		@Transactional
		@CacheEvict(cacheNames = "books", key = "#isbn")
		public void changeAtSecondAttempt(int isbn) {
			this.transactions.add(this.jdbc.queryForObject("select pg_current_xact_id()::text", String.class) + "");
			if (this.transactions.size() == 1) {
				throw new IllegalStateException("the first attempt");
			}
		}

		public List<Object> transactions() {
			return this.transactions;
		}

		@Traced
		@Transactional
		@CacheEvict(cacheNames = "books", key = "#isbn")
		public void change(int isbn, boolean refused) {
			if (refused) {
				this.jdbc.update("insert into book values (?)", isbn);
			}
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@interface Traced {

	}

	static class Recorder {

		final List<String> seen = new ArrayList<>();

		void record() {
			this.seen.add(TransactionSynchronizationManager.isActualTransactionActive() ? IN_TRANSACTION : OUTSIDE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRetry(order = Ordered.LOWEST_PRECEDENCE - 1, proxyTargetClass = true)
	static class RetryAroundTransactions {

	}

	@Aspect
	@Order(Ordered.LOWEST_PRECEDENCE - 1)
	@Import(Recorder.class)
	static class AspectAround {

		private final Recorder recorder;

		AspectAround(Recorder recorder) {
			this.recorder = recorder;
		}

		@Around("@annotation(io.psqache.autoconfigure.AdviceOrderIntegrationTests.Traced)")
		@Nullable Object trace(ProceedingJoinPoint call) throws Throwable {
			this.recorder.record();
			return call.proceed();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Recorder.class)
	static class AdvisorAround {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultPointcutAdvisor tracing(ObjectProvider<Recorder> recorder) {
			MethodInterceptor interceptor = (invocation) -> {
				recorder.getObject().record();
				return invocation.proceed();
			};
			DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(
					AnnotationMatchingPointcut.forMethodAnnotation(Traced.class), interceptor);
			advisor.setOrder(Ordered.LOWEST_PRECEDENCE - 1);
			return advisor;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	static class TransactionsFirstDefined {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching(proxyTargetClass = true)
	static class CacheFirstDefined {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true, order = 0)
	static class OrderedTransactions {

	}

}
