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
 * A test that asks for Spring Boot's test cache gets it. Its database is not PostgreSQL,
 * with which psqache would not start.
 */
@SpringBootTest(classes = TestApplication.class,
		properties = { "spring.datasource.url=jdbc:h2:mem:auto-configure-cache", "spring.flyway.enabled=false" })
@AutoConfigureCache
class AutoConfigureCacheTests {

	@Test
	void testSliceGetsNoPsqache(@Autowired ApplicationContext context) {
		assertThat(context.getBean(CacheManager.class)).isInstanceOf(NoOpCacheManager.class);
		assertThat(context.getBeansOfType(PostgresCacheManager.class)).isEmpty();
		assertThat(context.containsBean("psqacheDataSource")).isFalse();
	}

}
