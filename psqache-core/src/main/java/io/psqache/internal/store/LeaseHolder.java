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

import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A lease on a cache: its instance may use strict near entries of the cache.
 *
 * @param lease the id of the lease, never reused
 * @param instance the instance that holds it
 */
public record LeaseHolder(long lease, String instance) {

	static List<LeaseHolder> all(Array column) throws SQLException {
		List<LeaseHolder> holders = new ArrayList<>();
		for (Object text : (Object[]) column.getArray()) {
			String[] words = text.toString().split(" ", 2);
			holders.add(new LeaseHolder(Long.parseLong(words[0]), words[1]));
		}
		return List.copyOf(holders);
	}

}
