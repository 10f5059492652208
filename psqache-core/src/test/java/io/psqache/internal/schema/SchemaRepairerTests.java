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

package io.psqache.internal.schema;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import io.psqache.internal.store.SchemaName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long a deferred migration may take.
 */
class SchemaRepairerTests {

	@Test
	void limitExceedsTheTimeThatScriptsWaitForOlderInstances() {
		String scripts = new MigrationScripts(new SchemaName("psqache"), false).textSince(0);
		List<Duration> waits = Pattern.compile("deadline timestamptz .* interval '(\\d+) seconds'")
			.matcher(scripts)
			.results()
			.map((wait) -> Duration.ofSeconds(Long.parseLong(wait.group(1))))
			.toList();
		assertThat(waits).isNotEmpty()
			.allSatisfy((wait) -> assertThat(SchemaRepairer.LIMIT).isGreaterThan(wait.multipliedBy(2)));
	}

}
