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
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.psqache.Storage;
import io.psqache.StoreException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A collection in a final field is filled, whatever its getter returns.
 */
class FinalCollectionsTests {

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);

	@Test
	void collectionFilledThroughItsGetterIsRestored() {
		Owner owner = new Owner();
		owner.getPets().add(new Pet("Leo"));
		owner.getPets().add(new Pet("Basil"));
		Owner restored = restored(owner);
		assertThat(restored.getPets()).containsExactly(new Pet("Leo"), new Pet("Basil")).isInstanceOf(ArrayList.class);
	}

	@Test
	void collectionExposedAsViewOrCopyIsRestored() {
		Clinic clinic = new Clinic();
		clinic.add(new Pet("Leo"), "room 1");
		Clinic restored = restored(clinic);
		assertThat(restored.getPets()).containsExactly(new Pet("Leo"));
		assertThat(restored.getRooms()).containsExactly(Map.entry("Leo", "room 1"));
		restored.add(new Pet("Max"), "room 2");
		assertThat(restored.getPets()).hasSize(2);
	}

	@Test
	void collectionWithOtherFieldNameIsRestored() {
		Renamed renamed = new Renamed();
		renamed.getPets().add(new Pet("Leo"));
		assertThat(restored(renamed).getPets()).containsExactly(new Pet("Leo"));
	}

	@Test
	void defaultElementsAreReplaced() {
		Defaults defaults = new Defaults();
		defaults.getTags().clear();
		assertThat(restored(defaults).getTags()).isEmpty();
	}

	/**
	 * The property has no field, and no field holds the list that its getter returns.
	 */
	@Test
	void computedCollectionIsNotRead() {
		Owner owner = new Owner();
		owner.getPets().add(new Pet("Leo"));
		assertThat(restored(owner).getNames()).containsExactly("Leo");
	}

	@Test
	void unmodifiableCollectionIsRefusedByName() {
		ValueCodec codec = this.codecs.codec("test", Storage.JSONB, null);
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> codec.encode(new Fixed(List.of("a"))))
			.withMessage("A value of " + Fixed.class.getName() + " is not cached: " + Fixed.class.getName()
					+ " cannot be stored: the collection in its property 'tags' is not modifiable, so psqache cannot fill it "
					+ "on a hit. Add a setter or a constructor parameter for the property.");
	}

	@SuppressWarnings("unchecked")
	private <T> T restored(T value) {
		ValueCodec codec = this.codecs.codec("test", Storage.JSONB, null);
		return (T) Objects.requireNonNull(codec.decode(codec.encode(value)));
	}

	record Pet(String name) {

	}

	static class Owner {

		private final List<Pet> pets = new ArrayList<>();

		public List<Pet> getPets() {
			return this.pets;
		}

		public List<String> getNames() {
			return this.pets.stream().map(Pet::name).toList();
		}

	}

	static class Clinic {

		private final Set<Pet> pets = new LinkedHashSet<>();

		private final Map<String, String> rooms = new LinkedHashMap<>();

		void add(Pet pet, String room) {
			this.pets.add(pet);
			this.rooms.put(pet.name(), room);
		}

		public Collection<Pet> getPets() {
			return Collections.unmodifiableSet(this.pets);
		}

		public Map<String, String> getRooms() {
			return new LinkedHashMap<>(this.rooms);
		}

	}

	static class Renamed {

		private final List<Pet> animals = new ArrayList<>();

		public List<Pet> getPets() {
			return this.animals;
		}

	}

	static class Defaults {

		private final List<String> tags = new ArrayList<>(List.of("default"));

		public List<String> getTags() {
			return this.tags;
		}

	}

	static class Fixed {

		private final List<String> tags;

		Fixed() {
			this(List.of());
		}

		private Fixed(List<String> others) {
			this.tags = others;
		}

		public List<String> getTags() {
			return this.tags;
		}

	}

}
