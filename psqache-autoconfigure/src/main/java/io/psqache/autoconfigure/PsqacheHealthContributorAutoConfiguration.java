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
