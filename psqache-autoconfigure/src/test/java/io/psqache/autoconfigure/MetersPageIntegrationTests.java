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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * docs/metrics.md and docs/near-cache.md list all meters.
 */
class MetersPageIntegrationTests {

	private static final Pattern NAME = Pattern.compile("(?m)^\\| `(psqache\\.[a-z.]+)`");

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@Test
	void everyMeterIsListedAndEveryListedMeterExists() {
		TestApplication.on(this.database)
			.withPropertyValues("psqache.caches.books.near.enabled=true")
			.run((context) -> {
				PostgresCache books = TestApplication.cache(context, "books");
				books.put(1, "Emma");
				books.get(1);
				books.evict(1);
				context.getBean(PostgresCacheManager.class).cleanup();
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				Concurrently.awaitThat(() -> names(registry).equals(listed()));
				assertThat(names(registry)).isEqualTo(listed());
			});
	}

	private static Set<String> names(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.filter((name) -> name.startsWith("psqache."))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Set<String> listed() throws IOException {
		return Stream
			.concat(names(Files.readString(Path.of("../docs/metrics.md"))),
					names(Files.readString(Path.of("../docs/near-cache.md"))))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Stream<String> names(String page) {
		return NAME.matcher(page).results().map((MatchResult result) -> result.group(1));
	}

}
