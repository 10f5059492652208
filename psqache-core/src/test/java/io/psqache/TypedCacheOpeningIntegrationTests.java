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

package io.psqache;

import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.internal.codec.DeclaredType;
import io.psqache.test.TestDatabase;
import io.psqache.test.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A typed cache is opened once for one pair of types, and without the database.
 */
class TypedCacheOpeningIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final PostgresCacheManager manager = TestCaches
		.manager(TestStores.open(this.pool, 2, java.time.Duration.ofSeconds(1)), null, "",
				(builder) -> builder
					.cache("films",
							(settings) -> settings
								.withType(DeclaredType.parse("java.util.List<java.lang.String>", null)))
					.fixedCacheNames(List.of("books", "films")));

	@AfterEach
	void close() {
		this.manager.close();
		this.pool.close();
		this.database.close();
	}

	@Test
	void equalTypesReturnSameCache() {
		TypedCache<Long, Integer> one = this.manager.typedCache("books", long.class, int.class);
		assertThat(this.manager.typedCache("books", Long.class, Integer.class)).isSameAs(one);
		TypedCache<String, List<String>> films = this.manager.typedCache("films", String.class,
				new ParameterizedTypeReference<List<String>>() {
				});
		assertThat(this.manager.typedCache("films", String.class, new ParameterizedTypeReference<List<String>>() {
		})).isSameAs(films);
	}

	@Test
	void openingWithOtherTypesIsRefusedWithBothTypes() {
		this.manager.typedCache("books", Long.class, new ParameterizedTypeReference<List<String>>() {
		});
		assertThatIllegalStateException().isThrownBy(
				() -> this.manager.typedCache("books", Long.class, new ParameterizedTypeReference<List<Integer>>() {
				}))
			.withMessageContaining("Cache 'books' cannot be opened for "
					+ "keys of java.lang.Long and values of java.util.List<java.lang.Integer>")
			.withMessageContaining(
					"already open for keys of java.lang.Long and values of java.util.List<java.lang.String>")
			.withMessageContaining("another cache");
		assertThatIllegalStateException().isThrownBy(
				() -> this.manager.typedCache("books", String.class, new ParameterizedTypeReference<List<String>>() {
				}));
		assertThatIllegalStateException()
			.isThrownBy(() -> this.manager.typedCache("books", new ParameterizedTypeReference<List<Long>>() {
			}, List.class));
	}

	@Test
	void openingWithOtherTypeThanSettingsIsRefusedWithBothTypes() {
		assertThatIllegalStateException().isThrownBy(() -> this.manager.typedCache("films", String.class, String.class))
			.withMessageContaining("Cache 'films' cannot be opened for values of java.lang.String")
			.withMessageContaining("psqache.caches.films.type is java.util.List<java.lang.String>");
	}

	@Test
	void cacheOutsideFixedNamesCannotBeOpened() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.manager.typedCache("plays", String.class, String.class))
			.withMessageContaining("There is no cache 'plays'")
			.withMessageContaining("books")
			.withMessageContaining("spring.cache.cache-names");
	}

	@Test
	void unresolvedTypeIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> openForVariable())
			.withMessageContaining("Specify a concrete class");
	}

	private <T> TypedCache<String, T> openForVariable() {
		return this.manager.typedCache("books", String.class, new ParameterizedTypeReference<T>() {
		});
	}

}
