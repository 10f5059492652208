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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.psqache.PostgresCacheManager;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Collects the {@link PostgresCacheManager}s of the application. Another
 * {@code BeanPostProcessor} may replace such a bean by a proxy or another manager, so
 * this processor runs first. Thread-safe.
 */
final class PostgresCacheManagers implements BeanPostProcessor, BeanFactoryAware, PriorityOrdered {

	private final Map<String, PostgresCacheManager> managers = new ConcurrentHashMap<>();

	private @Nullable ListableBeanFactory beanFactory;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ListableBeanFactory) beanFactory;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof PostgresCacheManager manager) {
			this.managers.put(beanName, manager);
		}
		return bean;
	}

	/**
	 * Return all cache managers by their bean names, and create those that do not exist
	 * yet.
	 */
	Map<String, PostgresCacheManager> byName() {
		ListableBeanFactory beanFactory = this.beanFactory;
		if (beanFactory != null) {
			for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory,
					PostgresCacheManager.class)) {
				if (beanFactory.getBean(name) instanceof PostgresCacheManager manager) {
					this.managers.putIfAbsent(name, manager);
				}
			}
		}
		return Map.copyOf(this.managers);
	}

	/**
	 * Return the only cache manager.
	 * @return the cache manager, or {@code null} if there are none or several
	 */
	@Nullable PostgresCacheManager single() {
		Map<String, PostgresCacheManager> all = byName();
		return (all.size() == 1) ? all.values().iterator().next() : null;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
