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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The metadata that editors show for the properties.
 */
class ConfigurationMetadataTests {

	private static final String LOCATION = "META-INF/spring-configuration-metadata.json";

	@Test
	void everyPropertyIsIncluded() {
		assertThat(properties()).extracting((property) -> property.get("name").asString())
			.containsExactlyInAnyOrder("psqache.enabled", "psqache.schema", "psqache.namespace", "psqache.migrate",
					"psqache.fail-fast", "psqache.unlogged", "psqache.timeout", "psqache.tombstone-retention",
					"psqache.transactions", "psqache.require-evictions", "psqache.trusted-packages",
					"psqache.verify-round-trip", "psqache.pool.maximum-size", "psqache.datasource.url",
					"psqache.datasource.username", "psqache.datasource.password", "psqache.defaults.time-to-live",
					"psqache.defaults.time-to-idle", "psqache.defaults.jitter", "psqache.defaults.cache-null-values",
					"psqache.defaults.storage", "psqache.defaults.max-entries", "psqache.defaults.max-size",
					"psqache.defaults.type", "psqache.defaults.near.enabled", "psqache.defaults.near.coherence",
					"psqache.defaults.near.max-entries", "psqache.defaults.near.max-size",
					"psqache.defaults.near.time-to-live", "psqache.defaults.single-flight",
					"psqache.defaults.fresh-for", "psqache.defaults.refresh-ahead", "psqache.defaults.stale-if-error",
					"psqache.defaults.load-timeout.soft", "psqache.defaults.load-timeout.hard",
					"psqache.near.immutable-types", "psqache.near.lease", "psqache.caches", "psqache.sweep.interval",
					"psqache.sweep.pages", "psqache.watch");
	}

	@ParameterizedTest
	@MethodSource("properties")
	void descriptionIsSentenceWithoutArticle(JsonNode property) {
		assertThat(property.path("description").asString("")).matches("(?s)[A-Z].*\\.")
			.doesNotMatch("(?s)(A|An|The) .*");
	}

	@ParameterizedTest
	@MethodSource("booleans")
	void descriptionOfBooleanBeginsWithWhether(JsonNode property) {
		assertThat(property.path("description").asString("")).startsWith("Whether ");
	}

	@ParameterizedTest
	@MethodSource("properties")
	void defaultIsNotRepeatedInDescription(JsonNode property) {
		assertThat(property.path("description").asString("")).doesNotContainIgnoringCase("default is")
			.doesNotContainIgnoringCase("defaults to");
	}

	@Test
	void defaultsOfCachesAreIncluded() {
		assertThat(properties().filter((property) -> property.get("name").asString().startsWith("psqache.defaults."))
			.filter((property) -> !property.get("name")
				.asString()
				.matches(".*\\.(time-to-idle|max-entries|max-size|type|fresh-for|stale-if-error|soft|hard)")))
			.allSatisfy((property) -> assertThat(property.has("defaultValue")).isTrue());
	}

	static Stream<JsonNode> booleans() {
		return properties().filter((property) -> property.path("type").asString("").equals("java.lang.Boolean"));
	}

	@Test
	void removedPropertyIsAnError() {
		JsonNode deprecation = deprecation("psqache.defaults.writes");
		assertThat(deprecation.get("level").asString()).isEqualTo("error");
		assertThat(deprecation.get("reason").asString()).contains("TypedCache.setAsync");
	}

	@Test
	void renamedPropertyIsAnErrorWithReplacement() {
		JsonNode deprecation = deprecation("psqache.tombstones");
		assertThat(deprecation.get("level").asString()).isEqualTo("error");
		assertThat(deprecation.get("replacement").asString()).isEqualTo("psqache.tombstone-retention");
	}

	private static JsonNode deprecation(String name) {
		return allProperties().filter((property) -> property.get("name").asString().equals(name))
			.map((property) -> property.path("deprecation"))
			.filter((deprecation) -> !deprecation.isMissingNode())
			.findFirst()
			.orElseThrow();
	}

	static Stream<JsonNode> properties() {
		return allProperties().filter((property) -> !property.has("deprecation"));
	}

	private static Stream<JsonNode> allProperties() {
		try {
			List<JsonNode> properties = new ArrayList<>();
			ClassLoader classLoader = PsqacheProperties.class.getClassLoader();
			for (URL metadata : Collections.list(classLoader.getResources(LOCATION))) {
				try (InputStream json = metadata.openStream()) {
					JsonMapper.shared().readTree(json).path("properties").forEach(properties::add);
				}
			}
			return properties.stream().filter((property) -> property.get("name").asString().startsWith("psqache."));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
