package io.psqache.autoconfigure;

import io.psqache.PostgresCacheManager;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the health component {@code psqache}.
 */
@AutoConfiguration(after = PsqacheAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBean(PostgresCacheManager.class)
@Import(PostgresCacheManagers.class)
@ConditionalOnEnabledHealthIndicator("psqache")
public final class PsqacheHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "psqacheHealthIndicator", "psqacheHealthContributor" })
	PsqacheHealthIndicator psqacheHealthIndicator(PostgresCacheManagers cacheManagers,
			ObjectProvider<PostgresCacheManager> primary) {
		PostgresCacheManager single = cacheManagers.single();
		return new PsqacheHealthIndicator((single != null) ? single : primary.getObject());
	}

}
