package io.psqache.autoconfigure;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;

/**
 * Has the transaction of a method begin before its cache annotations are looked at, and
 * end after that. Otherwise a method that is both {@code @Transactional} and
 * {@code @CacheEvict} would evict when its transaction is committed already, in none.
 * Spring orders the two by chance; where an application does, that stays.
 */
final class TransactionsFirst implements BeanPostProcessor, PriorityOrdered {

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof BeanFactoryTransactionAttributeSourceAdvisor advisor
				&& advisor.getOrder() == Ordered.LOWEST_PRECEDENCE) {
			advisor.setOrder(Ordered.LOWEST_PRECEDENCE - 1);
		}
		return bean;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
