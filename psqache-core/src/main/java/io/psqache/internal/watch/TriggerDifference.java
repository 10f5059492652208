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

package io.psqache.internal.watch;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.psqache.CacheStartupException;
import io.psqache.TableWatch;
import io.psqache.internal.store.SchemaName;

/**
 * The difference between the configured and the existing triggers of a namespace.
 *
 * @param extra the triggers to drop
 * @param missing the triggers to create
 * @param notOwned the tables of these triggers that the role may not change
 */
record TriggerDifference(List<Catalog.ExistingTrigger> extra, List<WatchTrigger> missing, List<String> notOwned) {

	/**
	 * Compare the configured triggers with the existing ones.
	 * @throws CacheStartupException if a table cannot be watched
	 */
	static TriggerDifference find(Catalog catalog, SchemaName schema, String namespace, List<TableWatch> watches)
			throws SQLException {
		Map<String, WatchTrigger> missing = new LinkedHashMap<>();
		List<String> notOwned = new ArrayList<>();
		for (TableWatch watch : watches) {
			Catalog.Table table = catalog.table(watch);
			WatchTrigger.of(schema, namespace, watch, table.name(), table.key())
				.forEach((trigger) -> missing.put(key(trigger.table(), trigger.name()), trigger));
			if (!table.mayChange()) {
				notOwned.add(table.name());
			}
		}
		List<Catalog.ExistingTrigger> extra = new ArrayList<>();
		for (Catalog.ExistingTrigger existing : catalog.triggers(namespace)) {
			boolean isConfigured = existing.enabled() && missing.remove(key(existing.table(), existing.name())) != null;
			if (!isConfigured) {
				extra.add(existing);
			}
		}
		notOwned.removeIf((table) -> missing.values().stream().noneMatch((trigger) -> trigger.table().equals(table)));
		extra.stream()
			.filter((trigger) -> !trigger.mayChange())
			.map(Catalog.ExistingTrigger::table)
			.forEach(notOwned::add);
		return new TriggerDifference(extra, List.copyOf(missing.values()), notOwned.stream().distinct().toList());
	}

	private static String key(String table, String trigger) {
		return trigger + " on " + table;
	}

	List<String> statements() {
		return Stream
			.concat(this.extra.stream().map(Catalog.ExistingTrigger::dropStatement),
					this.missing.stream().map(WatchTrigger::statement))
			.toList();
	}

	/**
	 * Return the statements as a script for an administrator.
	 */
	String text() {
		return statements().stream().collect(Collectors.joining(";\n", "", ";\n"));
	}

}
