package io.psqache.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;

/**
 * {@code spring.cache.type} is not set: whoever sets it, be it to {@code none} as
 * {@code @AutoConfigureCache} does in tests, asks for one of Spring Boot's own cache
 * managers.
 */
class OnNoCacheTypeCondition extends NoneNestedConditions {

	OnNoCacheTypeCondition() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnProperty("spring.cache.type")
	static class CacheTypeIsSet {

	}

}
