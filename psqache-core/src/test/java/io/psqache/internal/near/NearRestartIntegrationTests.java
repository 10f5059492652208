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

package io.psqache.internal.near;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.test.Concurrently;
import io.psqache.NearState;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.store.EntryStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server of its own that is stopped and started.
 */
class NearRestartIntegrationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path data;

	@Test
	void restartedServerFindsNoCopies() throws Exception {
		int port;
		try (EmbeddedPostgres server = server(0)) {
			port = server.getPort();
			TestCaches.migrate(server.getPostgresDatabase());
		}
		EmbeddedPostgres server = server(port);
		String url = "jdbc:postgresql://localhost:" + port + "/postgres";
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl(url);
			pool.setUsername("postgres");
			pool.setMaximumPoolSize(4);
			pool.setConnectionTimeout(500);
			try (PostgresCacheManager manager = manager(pool, url)) {
				PostgresCache cache = (PostgresCache) Objects.requireNonNull(manager.getCache("books"));
				Concurrently.awaitThat(() -> isListening(manager));
				cache.put("key", "old");
				Concurrently
					.awaitThat(() -> "old".equals(cache.get("key", String.class)) && cache.getNearEntries() == 1);
				server.close();
				Concurrently.awaitThat(() -> !isListening(manager) && cache.getNearEntries() == 0);
				assertThat(cache.get("key")).isNull();
				server = server(port);
				Concurrently.awaitThat(() -> isListening(manager));
				try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
					statement.execute("update psqache.cache_entry set value = '\"new\"'");
				}
				Concurrently.awaitThat(() -> "new".equals(cache.get("key", String.class)));
			}
		}
		finally {
			server.close();
		}
	}

	private EmbeddedPostgres server(int port) throws IOException {
		return EmbeddedPostgres.builder()
			.setDataDirectory(this.data.resolve("data"))
			.setCleanDataDirectory(false)
			.setPort(port)
			.start();
	}

	private static PostgresCacheManager manager(HikariDataSource pool, String url) {
		EntryStore store = TestStores.open(pool, 4, Duration.ofSeconds(2));
		return TestCaches.manager(store, new DriverManagerDataSource(url, "postgres", ""), "test",
				(builder) -> builder.defaults((defaults) -> defaults.withNear(defaults.near().withEnabled(true))));
	}

	private static boolean isListening(PostgresCacheManager manager) {
		return manager.getStatus().near().status() == NearState.Status.LISTENING;
	}

}
