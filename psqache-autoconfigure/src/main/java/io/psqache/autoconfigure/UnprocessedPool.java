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
