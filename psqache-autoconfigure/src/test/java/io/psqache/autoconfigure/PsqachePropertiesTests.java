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

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The binding of properties that are unset, and of properties from several sources.
 */
class PsqachePropertiesTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(Application.class);

	@Test
	void unsetCollectionsAreEmpty() {
		this.application.run((context) -> {
			PsqacheProperties properties = context.getBean(PsqacheProperties.class);
			assertThat(properties.trustedPackages()).isEmpty();
			assertThat(properties.near().immutableTypes()).isEmpty();
			assertThat(properties.watch()).isEmpty();
			assertThat(properties.caches()).isEmpty();
		});
	}

	@Test
	void unsetSettingsOfCacheAreNull() {
		this.application.withPropertyValues("psqache.caches.books.jitter=0").run((context) -> {
			PsqacheProperties properties = context.getBean(PsqacheProperties.class);
			assertThat(properties.caches().get("books")).usingRecursiveComparison()
				.ignoringFields("jitter")
				.isEqualTo(properties.defaults());
			assertThat(properties.defaults()).hasAllNullFieldsOrPropertiesExcept("loadTimeout", "near");
			assertThat(properties.defaults().loadTimeout()).hasAllNullFieldsOrProperties();
			assertThat(properties.defaults().near()).hasAllNullFieldsOrProperties();
		});
	}

	@Test
	void emptyValueMeansNotSet() {
		this.application
			.withPropertyValues("psqache.timeout=", "psqache.defaults.time-to-live=", "psqache.trusted-packages=")
			.run((context) -> {
				PsqacheProperties properties = context.getBean(PsqacheProperties.class);
				assertThat(properties.timeout()).isEqualTo(Duration.ofMillis(500));
				assertThat(properties.defaults().timeToLive()).isNull();
				assertThat(properties.trustedPackages()).isEmpty();
			});
	}

	@Test
	void environmentIsCombinedWithOtherSources() {
		this.application.withPropertyValues("psqache.caches.books.jitter=0.5", "psqache.sweep.pages=5")
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("PSQACHE_CACHES_BOOKS_NEAR_MAXENTRIES", "7", "PSQACHE_SWEEP_INTERVAL", "5s",
								"PSQACHE_NEAR_IMMUTABLETYPES_0_", "com.acme.Money"))))
			.run((context) -> {
				PsqacheProperties properties = context.getBean(PsqacheProperties.class);
				assertThat(properties.caches()).hasEntrySatisfying("books", (books) -> {
					assertThat(books.jitter()).isEqualTo(0.5);
					assertThat(books.near().maxEntries()).isEqualTo(7);
				});
				assertThat(properties.sweep()).isEqualTo(new PsqacheProperties.Sweep(Duration.ofSeconds(5), 5));
				assertThat(properties.near().immutableTypes()).containsExactly("com.acme.Money");
			});
	}

	@Test
	void passwordIsNotPrinted() {
		this.application
			.withPropertyValues("psqache.datasource.password=secret",
					"psqache.datasource.url=jdbc:postgresql:books?password=secret")
			.run((context) -> assertThat(context.getBean(PsqacheProperties.class).toString()).doesNotContain("secret"));
	}

	@EnableConfigurationProperties(PsqacheProperties.class)
	static class Application {

	}

}
