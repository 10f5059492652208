package io.psqache.autoconfigure;

import javax.sql.DataSource;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/**
 * There is a database to cache in: the application's or one of the cache's own.
 */
class OnDatabaseCondition extends AnyNestedCondition {

	OnDatabaseCondition() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnBean(DataSource.class)
	static class OfTheApplication {

	}

	@ConditionalOnProperty("psqache.datasource.url")
	static class OfItsOwn {

	}

}
