package io.psqache.benchmarks.consistency;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * The application, the same whichever cache it has: Spring Boot configures the cache by
 * properties.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableCaching
@EnableTransactionManagement
class ItemApplication {

	@Bean
	Items items(JdbcClient jdbc) {
		return new Items(jdbc);
	}

}
