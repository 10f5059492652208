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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.AbstractCacheInvoker;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Closes the cache manager and its pool after all beans that use caches. A bean may evict
 * in its {@code @PreDestroy} method through a cached service, a dependency on the cache
 * manager that Spring does not know.
 * <ol>
 * <li>As a {@code BeanFactoryPostProcessor}, this bean is created before all others, and
 * Spring destroys beans in reverse order.</li>
 * <li>When the context begins to close, this bean becomes dependent on the application's
 * {@code DataSource}. Spring closes dependent beans first, so the database is still
 * available.</li>
 * <li>Beans with cache annotations become dependent on this bean, and transitively the
 * beans that use them.</li>
 * </ol>
 * The dependencies are registered at shutdown, because at startup Spring could detect a
 * cycle.
 */
final class LateShutdown implements BeanFactoryPostProcessor, ApplicationListener<ContextClosedEvent>, DisposableBean {

	static final String NAME = "psqacheShutdown";

	private final Deque<AutoCloseable> resources = new ArrayDeque<>();

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private @Nullable DataSource application;

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Register a resource to close at the end. Resources are closed in reverse order.
	 * @param resource the resource
	 * @return the resource
	 */
	<T extends AutoCloseable> T closes(T resource) {
		this.resources.push(resource);
		return resource;
	}

	/**
	 * Close all resources before the application's {@code DataSource}.
	 * @param application the only {@code DataSource} of the application; {@code null} if
	 * there is none or several
	 */
	void closesBefore(@Nullable DataSource application) {
		this.application = application;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		ConfigurableListableBeanFactory beanFactory = this.beanFactory;
		if (beanFactory != null && event.getApplicationContext() instanceof ConfigurableApplicationContext context
				&& context.getBeanFactory() == beanFactory) {
			for (String name : beanFactory.getSingletonNames()) {
				Object singleton = beanFactory.getSingleton(name);
				if (singleton == this.application && singleton != null) {
					beanFactory.registerDependentBean(name, NAME);
				}
				else if (singleton instanceof Advised advised && usesCaches(advised)) {
					beanFactory.registerDependentBean(NAME, name);
				}
			}
		}
	}

	private static boolean usesCaches(Advised advised) {
		return Stream.of(advised.getAdvisors())
			.anyMatch((advisor) -> advisor.getAdvice() instanceof AbstractCacheInvoker);
	}

	@Override
	public void destroy() throws Exception {
		AutoCloseable resource = this.resources.poll();
		if (resource != null) {
			try {
				resource.close();
			}
			finally {
				destroy();
			}
		}
	}

}
