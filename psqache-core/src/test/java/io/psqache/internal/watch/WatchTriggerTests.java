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

import java.util.List;

import io.psqache.TableWatch;
import io.psqache.internal.store.SchemaName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WatchTriggerTests {

	private static final SchemaName SCHEMA = new SchemaName("psqache");

	@Test
	void backslashIsLiteralWithEveryServerSetting() {
		assertThat(of("it's", "\\'; drop table film; --")).first()
			.extracting(WatchTrigger::statement)
			.asString()
			.endsWith("\"psqache\".evict_changed('it''s', E'\\\\''; drop table film; --', '0')");
	}

	@Test
	void nameIsUniqueForNamespaceAndArgumentsAndFitsAnIdentifier() {
		assertThat(of("shop", "books")).extracting(WatchTrigger::name)
			.doesNotContainAnyElementsOf(of("shop", "lists").stream().map(WatchTrigger::name).toList())
			.doesNotContainAnyElementsOf(of("store", "books").stream().map(WatchTrigger::name).toList())
			.doesNotHaveDuplicates()
			.allSatisfy((name) -> assertThat(name).startsWith(WatchTrigger.prefix("shop")).hasSizeLessThan(64));
	}

	private static List<WatchTrigger> of(String namespace, String cache) {
		return WatchTrigger.of(SCHEMA, namespace, TableWatch.clearing("book", cache), "public.book", List.of());
	}

}
