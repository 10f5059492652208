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
 * What is to be done so that the triggers are those that the settings ask for, and no
 * others of the namespace.
 *
 * @param extra triggers to drop
 * @param missing triggers to make
 * @param notOwned the tables among theirs that the role may not change
 */
record TriggerDifference(List<Catalog.Present> extra, List<WatchTrigger> missing, List<String> notOwned) {

	/**
	 * Look for it.
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
		List<Catalog.Present> extra = new ArrayList<>();
		for (Catalog.Present present : catalog.triggers(namespace)) {
			boolean isRight = present.enabled() && missing.remove(key(present.table(), present.name())) != null;
			if (!isRight) {
				extra.add(present);
			}
		}
		notOwned.removeIf((table) -> missing.values().stream().noneMatch((trigger) -> trigger.table().equals(table)));
		extra.stream().filter((trigger) -> !trigger.mayChange()).map(Catalog.Present::table).forEach(notOwned::add);
		return new TriggerDifference(extra, List.copyOf(missing.values()), notOwned.stream().distinct().toList());
	}

	private static String key(String table, String trigger) {
		return trigger + " on " + table;
	}

	List<String> statements() {
		return Stream
			.concat(this.extra.stream().map(Catalog.Present::dropStatement),
					this.missing.stream().map(WatchTrigger::statement))
			.toList();
	}

	/**
	 * The statements, to be run by hand.
	 */
	String text() {
		return statements().stream().collect(Collectors.joining(";\n", "", ";\n"));
	}

}
