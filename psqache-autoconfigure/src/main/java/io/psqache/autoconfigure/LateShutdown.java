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
 * Closes the cache manager and its pool when no bean needs them any more. A bean may
 * evict in its {@code @PreDestroy} method, by a cached service that depends on the cache
 * manager in no way that Spring knows of. So:
 * <ol>
 * <li>This bean is made before all others, as a {@code BeanFactoryPostProcessor} is, and
 * Spring destroys in reverse order.</li>
 * <li>When the context begins to close, this bean is made dependent on the application's
 * {@code DataSource}. Spring closes that after all that depends on it: there may be no
 * database after that.</li>
 * <li>Beans with cache annotations are made dependent on this one, and with them all
 * beans that they are injected into.</li>
 * </ol>
 * The dependencies are registered that late because they are only about the shutdown: at
 * startup they could be taken for a cycle.
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
	 * Close a resource at the end, before those that were given earlier.
	 * @param resource the resource
	 * @return the resource
	 */
	<T extends AutoCloseable> T closes(T resource) {
		this.resources.push(resource);
		return resource;
	}

	/**
	 * Close all before this one is closed.
	 * @param application the one {@code DataSource} of the application, if there is one
	 */
	void isBefore(@Nullable DataSource application) {
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
