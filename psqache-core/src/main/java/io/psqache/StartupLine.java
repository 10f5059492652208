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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The log line at startup: the database and the enabled features.
 *
 * @param builder the builder of the cache manager
 * @param backend the backend of the cache manager
 */
record StartupLine(PostgresCacheManagerBuilder builder, CacheBackend backend) {

	String text() {
		String database = this.backend.database();
		return "psqache caches in %s, schema '%s', namespace '%s'; %s".formatted(
				(database != null) ? database : "a database that cannot be reached yet", this.builder.schema,
				this.builder.namespace, String.join(", ", features()));
	}

	private List<String> features() {
		List<String> features = new ArrayList<>();
		features.add(
				"transactions " + this.backend.transactions().mode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
		features.add(this.builder.unlogged ? "unlogged" : "logged");
		if (!this.builder.migrate) {
			features.add("migrate off");
		}
		if (this.builder.verifyRoundTrip) {
			features.add("verify-round-trip");
		}
		if (this.builder.defaults.near().enabled()) {
			features.add("near caches by default");
		}
		List<String> near = nearCaches();
		if (!near.isEmpty()) {
			features.add("near caches " + near);
		}
		if (!this.backend.watchedTables().isEmpty()) {
			features.add("watched tables " + this.backend.watchedTables());
		}
		return features;
	}

	private List<String> nearCaches() {
		return this.builder.caches.entrySet()
			.stream()
			.filter((cache) -> cache.getValue().near().enabled() != this.builder.defaults.near().enabled())
			.filter((cache) -> cache.getValue().near().enabled())
			.map(Map.Entry::getKey)
			.sorted()
			.toList();
	}

}
