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

package io.psqache.internal.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.psqache.RoundTripException;
import io.psqache.Storage;
import io.psqache.StoreException;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class EntityGuardTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void ignoredEmptyRelationIsRestoredEmpty(boolean verify) {
		ValueCodec codec = codec(verify);
		Shelf restored = (Shelf) Objects.requireNonNull(codec.decode(codec.encode(new Shelf(1L))));
		assertThat(restored.tags).isEmpty();
		assertThat(restored.sizes).isEmpty();
		assertThat(restored.id).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void ignoredRelationWithContentIsRefused(boolean verify) {
		Shelf tagged = new Shelf(1L);
		tagged.tags.add("a");
		assertRefused(codec(verify), tagged, "Shelf.tags");
		Shelf sized = new Shelf(1L);
		sized.sizes.put("a", 1);
		assertRefused(codec(verify), sized, "Shelf.sizes");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void ignoredEmptyRelationThatIsNullInNewEntityIsRefused(boolean verify) {
		Box box = new Box();
		assertThat(codec(verify).encode(box).json()).isEqualTo("{\"id\":null}");
		box.tags = new ArrayList<>();
		assertRefused(codec(verify), box, "Box.tags");
	}

	private static ValueCodec codec(boolean verify) {
		return new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null, List.of(), List.of(), verify)
			.codec("test", Storage.JSONB, null);
	}

	private static void assertRefused(ValueCodec codec, Object entity, String field) {
		assertThatException().isThrownBy(() -> codec.encode(entity))
			.isInstanceOfAny(StoreException.class, RoundTripException.class)
			.withMessageContaining(field + " is not in the JSON of the value");
	}

	@Entity
	static class Shelf {

		@Id
		public @Nullable Long id;

		@ElementCollection
		@JsonIgnore
		public List<String> tags = new ArrayList<>();

		@ElementCollection
		private final Map<String, Integer> sizes = new HashMap<>();

		protected Shelf() {
		}

		Shelf(Long id) {
			this.id = id;
		}

	}

	@Entity
	static class Box {

		@Id
		public @Nullable Long id;

		@ElementCollection
		@JsonIgnore
		public @Nullable List<String> tags;

	}

}
