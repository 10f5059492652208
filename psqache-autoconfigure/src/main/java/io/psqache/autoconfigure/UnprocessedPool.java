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

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;

/**
 * Keeps the cache's pool from every {@code BeanPostProcessor}. Such a processor may put a
 * proxy in the place of each {@code DataSource} (to observe, to route, to get connections
 * late), and psqache needs the pool itself. Spring applies them to no synthetic bean.
 */
final class UnprocessedPool implements BeanFactoryPostProcessor {

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.containsBeanDefinition(PsqacheAutoConfiguration.POOL) && beanFactory
			.getBeanDefinition(PsqacheAutoConfiguration.POOL) instanceof AbstractBeanDefinition definition) {
			definition.setSynthetic(true);
		}
	}

}
