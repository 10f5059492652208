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

import java.util.Arrays;
import java.util.List;

import io.psqache.TransactionMode;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cache.config.CacheManagementConfigUtils;
import org.springframework.core.env.Environment;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;

/**
 * Orders the advisors so that the transaction of a method begins before its cache
 * annotations are processed, and ends after them. Otherwise a method that is
 * {@code @Transactional} and {@code @CacheEvict} would evict after the commit, outside of
 * its transaction.
 * <p>
 * Both advisors have the lowest precedence by default. Spring applies advisors of equal
 * precedence in the order of their bean definitions. This class therefore moves the
 * definition of the cache advisor to the end. It changes no precedence, so an explicit
 * order of the application stays in effect.
 */
final class TransactionsFirst implements BeanFactoryPostProcessor {

	private static final List<String> CACHE_ADVISORS = List.of(CacheManagementConfigUtils.CACHE_ADVISOR_BEAN_NAME,
			CacheManagementConfigUtils.JCACHE_ADVISOR_BEAN_NAME);

	private final boolean active;

	/**
	 * Create a new instance.
	 * @param environment the source of {@code psqache.transactions}; with {@code none},
	 * the advisors are not reordered, because evictions after the commit are better
	 */
	TransactionsFirst(Environment environment) {
		this.active = Binder.get(environment)
			.bind("psqache.transactions", TransactionMode.class)
			.orElse(TransactionMode.ATOMIC) != TransactionMode.NONE;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (this.active && beanFactory instanceof BeanDefinitionRegistry registry) {
			List<String> names = Arrays.asList(beanFactory.getBeanDefinitionNames());
			int lastTransaction = Arrays
				.stream(beanFactory.getBeanNamesForType(BeanFactoryTransactionAttributeSourceAdvisor.class, true,
						false))
				.mapToInt(names::indexOf)
				.max()
				.orElse(-1);
			CACHE_ADVISORS.stream()
				.filter(registry::containsBeanDefinition)
				.filter((name) -> names.indexOf(name) < lastTransaction)
				.forEach((name) -> defineLast(registry, name));
		}
	}

	private static void defineLast(BeanDefinitionRegistry registry, String name) {
		BeanDefinition definition = registry.getBeanDefinition(name);
		registry.removeBeanDefinition(name);
		registry.registerBeanDefinition(name, definition);
	}

}
