package io.psqache.docs;

import io.psqache.codec.CacheKeyConverter;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class KeyConfiguration {

	@Bean
	CacheKeyConverter tenantKeys() {
		// null means no conversion
		return (key) -> (key instanceof Tenant tenant) ? tenant.id() : null;
	}

}
