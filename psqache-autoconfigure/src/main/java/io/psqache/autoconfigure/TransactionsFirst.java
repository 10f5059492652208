package io.psqache.autoconfigure;

import io.psqache.transaction.TransactionMode;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;

/**
 * Has the transaction of a method begin before its cache annotations are looked at, and
 * end after that. Otherwise a method that is both {@code @Transactional} and
 * {@code @CacheEvict} would evict when its transaction is committed already, in none.
 * Spring orders the two by chance; where an application does, that stays.
 */
final class TransactionsFirst implements BeanPostProcessor, PriorityOrdered {

	private final boolean active;

	/**
	 * Create it.
	 * @param environment has the setting: where caches take no part in transactions it is
	 * better to evict when one is over
	 */
	TransactionsFirst(Environment environment) {
		this.active = Binder.get(environment)
			.bind("psqache.transactions", TransactionMode.class)
			.orElse(TransactionMode.ATOMIC) != TransactionMode.NONE;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (this.active && bean instanceof BeanFactoryTransactionAttributeSourceAdvisor advisor
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
