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

package io.psqache.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A server that comes back as a standby. Always an embedded one: no other can be had as a
 * standby at will.
 */
class StandbyIntegrationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void standbyIsToldApartAndHoldsNoCache() throws IOException {
		try (EmbeddedPostgres primary = start(); HikariDataSource pool = pool(primary)) {
			TestCaches.migrate(pool);
			EntryStore store = store(pool);
			store.put(TestStores.cache(store, "test", "cache"), "key", TestStores.entry(StoredValue.NULL)).await();
			assertThat(store.probe("test").await().standby()).isFalse();
			store.close();
		}
		Files.createFile(this.directory.resolve("standby.signal"));
		try (EmbeddedPostgres standby = start(); HikariDataSource pool = pool(standby)) {
			EntryStore store = store(pool);
			assertThat(store.probe("test").await().standby()).isTrue();
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> store.get(TestStores.cache(store, "test", "cache"), "key", null).await())
				.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.READ_ONLY));
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> store.clear(TestStores.cache(store, "test", "cache")).await())
				.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.READ_ONLY));
			store.close();
		}
	}

	private EmbeddedPostgres start() throws IOException {
		return EmbeddedPostgres.builder()
			.setDataDirectory(this.directory)
			.setCleanDataDirectory(false)
			.setServerConfig("hot_standby", "on")
			.start();
	}

	private static HikariDataSource pool(EmbeddedPostgres postgres) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
		config.setMaximumPoolSize(2);
		return new HikariDataSource(config);
	}

	private static EntryStore store(HikariDataSource pool) {
		return TestStores.open(pool, 2, Duration.ofSeconds(20));
	}

}
