package io.psqache.autoconfigure;

import io.psqache.PostgresCacheManager;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health component {@code psqache}.
 */
@AutoConfiguration(after = PsqacheAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBean(PostgresCacheManager.class)
@ConditionalOnEnabledHealthIndicator("psqache")
public final class PsqacheHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "psqacheHealthIndicator", "psqacheHealthContributor" })
	PsqacheHealthIndicator psqacheHealthIndicator(PostgresCacheManager cacheManager) {
		return new PsqacheHealthIndicator(cacheManager);
	}

}
