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

package io.psqache.internal.near;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.psqache.internal.store.Notifications;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class InvalidationMessageTests {

	@Test
	void everyKindReadsBack() {
		for (InvalidationMessage message : List.of(new InvalidationMessage.Alive("a", -7),
				new InvalidationMessage.Gone("a", 7), new InvalidationMessage.Changed("a", 123, 42, null),
				new InvalidationMessage.Changed("a", 123, 42, List.of(1L, -1L)))) {
			assertThat(InvalidationMessage.parse(message.text())).isEqualTo(message);
		}
	}

	/**
	 * The functions in the schema write it.
	 */
	@Test
	void formIsWhatSqlWrites() {
		assertThat(new InvalidationMessage.Changed("sql", 123, 42, List.of(1L, -1L)).text())
			.isEqualTo("v1 sql 123 changed 42 0000000000000001,ffffffffffffffff");
		assertThat(new InvalidationMessage.Changed("sql", 123, 42, null).text()).isEqualTo("v1 sql 123 changed 42 *");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "v1", "v2 a 1 alive", "v1 a b alive", "v1 a 1 unheard", "v1 a 1 changed 42",
			"v1 a 1 changed x *", "v1 a 1 changed 42 xyz", "v1 a 1 changed 42 ," })
	void whatCannotBeReadIsNoMessage(String text) {
		assertThat(InvalidationMessage.parse(text)).isNull();
	}

	@Test
	void changesFillMessagesThatPostgresTakes() {
		PendingInvalidations changes = new PendingInvalidations();
		for (long hash = 0; hash < PendingInvalidations.MAX_KEYS; hash++) {
			changes.add(Integer.MAX_VALUE, -hash, Long.MAX_VALUE);
		}
		changes.add(2, 1L, 5);
		changes.add(2, 1L, 6);
		List<String> messages = changes.messages("0123456789abcdef");
		assertThat(messages)
			.allMatch((text) -> text.getBytes(StandardCharsets.UTF_8).length <= Notifications.MAX_BYTES);
		List<Long> hashes = new ArrayList<>();
		for (String text : messages) {
			if (InvalidationMessage.parse(text) instanceof InvalidationMessage.Changed changed
					&& changed.hashes() != null) {
				hashes.addAll(changed.hashes());
			}
		}
		assertThat(hashes).hasSize(PendingInvalidations.MAX_KEYS + 1);
		assertThat(messages).last().isEqualTo("v1 0123456789abcdef 5 changed 2 0000000000000001");
	}

	@Test
	void tooManyChangesAreTheWholeCache() {
		PendingInvalidations changes = new PendingInvalidations();
		for (long hash = 0; hash <= PendingInvalidations.MAX_KEYS; hash++) {
			changes.add(1, hash, 9);
		}
		PendingInvalidations later = new PendingInvalidations();
		later.add(1, 3L, 10);
		later.addAll(changes);
		assertThat(later.messages("a")).containsExactly("v1 a 9 changed 1 *");
	}

}
