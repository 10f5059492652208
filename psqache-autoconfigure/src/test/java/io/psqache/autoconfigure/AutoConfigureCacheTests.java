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
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.cache.test.autoconfigure.AutoConfigureCache;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cache.CacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code @AutoConfigureCache} provides Spring Boot's test cache. psqache would fail here,
 * because the database is not PostgreSQL.
 */
@SpringBootTest(classes = TestApplication.class,
		properties = { "spring.datasource.url=jdbc:h2:mem:auto-configure-cache", "spring.flyway.enabled=false" })
@AutoConfigureCache
class AutoConfigureCacheTests {

	@Test
	void testSliceHasNoPsqache(@Autowired ApplicationContext context) {
		assertThat(context.getBean(CacheManager.class)).isInstanceOf(NoOpCacheManager.class);
		assertThat(context.getBeansOfType(PostgresCacheManager.class)).isEmpty();
		assertThat(context.containsBean("psqacheDataSource")).isFalse();
	}

}
