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
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonBackReference;
import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonManagedReference;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import io.psqache.CacheValueCodec;
import io.psqache.RoundTripException;
import io.psqache.Storage;
import io.psqache.StoreException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sets have no order, and their elements may refer to the object that contains them.
 */
class SetsOfObjectsTests {

	private final ValueCodec codec = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null).codec("test",
			Storage.JSONB, null);

	private final ValueCodec verifying = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null, List.of(),
			List.of(), true)
		.codec("test", Storage.JSONB, null);

	@ParameterizedTest
	@MethodSource("sets")
	void backReferenceIsRestored(Set<Pet> pets) {
		Owner owner = new Owner("ada", pets);
		for (int i = 0; i < 5; i++) {
			pets.add(new Pet("pet " + i, owner));
		}
		for (ValueCodec each : List.of(this.codec, this.verifying)) {
			Owner restored = (Owner) roundTrip(each, owner);
			assertThat(restored.pets).hasSize(5).allSatisfy((pet) -> assertThat(pet.owner).isSameAs(restored));
		}
	}

	static List<Set<Pet>> sets() {
		return List.of(new HashSet<>(), new LinkedHashSet<>());
	}

	@Test
	void mutualReferencesAreRestored() {
		List<Node> nodes = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			nodes.add(new Node("node " + i));
		}
		nodes.forEach((node) -> node.next.addAll(nodes));
		for (ValueCodec each : List.of(this.codec, this.verifying)) {
			Node restored = (Node) roundTrip(each, nodes.get(0));
			assertThat(restored.next).hasSize(4)
				.contains(restored)
				.allSatisfy((node) -> assertThat(node.next).hasSize(4));
		}
	}

	/**
	 * Each element is compared with the element that equals it, instead of the element at
	 * the same position.
	 */
	@Test
	void orderOfElementsIsIgnored() {
		SameValue sameValue = sameValue(Integer.MAX_VALUE);
		Set<Pet> before = pets(300, false);
		assertThat(sameValue.difference(before, pets(300, true))).isNull();
		Set<Pet> after = pets(300, true);
		after.iterator().next().name = "other";
		assertThat(sameValue.difference(before, after)).isNotNull();
	}

	/**
	 * Two elements do not match the same element.
	 */
	@Test
	void eachElementMatchesOnce() {
		Set<Pet> before = new LinkedHashSet<>(
				List.of(new Pet("a", new Owner()), new Pet("a", new Owner()), new Pet("b", new Owner())));
		Set<Pet> after = new LinkedHashSet<>(
				List.of(new Pet("b", new Owner()), new Pet("b", new Owner()), new Pet("a", new Owner())));
		assertThat(sameValue(Integer.MAX_VALUE).difference(before, after)).isNotNull();
	}

	/**
	 * The limit includes the pairs of all sets, but not the pairs of failed attempts.
	 */
	@Test
	void limitAppliesToAllObjects() {
		List<Set<Pet>> before = List.of(pets(50, false), pets(50, false), pets(50, false));
		List<Set<Pet>> after = List.of(pets(50, true), pets(50, true), pets(50, true));
		after.get(2).iterator().next().name = "other";
		assertThat(sameValue(100).difference(before, after)).isNull();
		assertThat(sameValue(1_000).difference(before, after)).isNotNull();
	}

	@Test
	void lossInAnElementIsFound() {
		Set<Secret> secrets = new HashSet<>();
		for (int i = 0; i < 20; i++) {
			secrets.add(new Secret(i, "secret"));
		}
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(new Box(secrets)))
			.withMessageContaining("Secret.text");
		assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> this.verifying.encode(new Box(secrets)));
	}

	@Test
	void tooDeepNestingFailsTheVerification() {
		ValueCodec whole = new ValueCodecs(new TrustedTypes(List.of()), null, List.of(), List.of(new Copying()), true)
			.codec("test", Storage.JSONB, null);
		Deep deep = new Deep(null);
		for (int i = 0; i < 100_000; i++) {
			deep = new Deep(deep);
		}
		Deep value = deep;
		assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> whole.encode(value))
			.withMessageContaining("StackOverflowError")
			.withCauseInstanceOf(StackOverflowError.class);
	}

	private static SameValue sameValue(int maxObjects) {
		return new SameValue((value) -> null, new TrustedTypes(List.of()), maxObjects);
	}

	private static Set<Pet> pets(int count, boolean reversed) {
		List<Pet> pets = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			pets.add(new Pet("pet " + i, new Owner()));
		}
		if (reversed) {
			Collections.reverse(pets);
		}
		return new LinkedHashSet<>(pets);
	}

	private static Object roundTrip(ValueCodec codec, Object value) {
		return Objects.requireNonNull(codec.decode(codec.encode(value)));
	}

	static class Owner {

		public String name = "";

		@JsonManagedReference
		public Set<Pet> pets = new HashSet<>();

		Owner() {
		}

		Owner(String name, Set<Pet> pets) {
			this.name = name;
			this.pets = pets;
		}

	}

	static class Pet {

		public String name = "";

		@JsonBackReference
		public Owner owner = new Owner();

		Pet() {
		}

		Pet(String name, Owner owner) {
			this.name = name;
			this.owner = owner;
		}

	}

	@JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
	static class Node {

		public Set<Node> next = new HashSet<>();

		public String name = "";

		Node() {
		}

		Node(String name) {
			this.name = name;
		}

	}

	static class Secret {

		public int id;

		@JsonIgnore
		public @Nullable String text;

		Secret() {
		}

		Secret(int id, String text) {
			this.id = id;
			this.text = text;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Secret secret && secret.id == this.id;
		}

		@Override
		public int hashCode() {
			return -this.id;
		}

	}

	record Box(Set<Secret> secrets) {

	}

	static final class Deep {

		final @Nullable Deep next;

		Deep(@Nullable Deep next) {
			this.next = next;
		}

	}

	/**
	 * A codec that reads as many levels as it has written.
	 */
	static final class Copying implements CacheValueCodec {

		@Override
		public boolean supports(String cacheName) {
			return true;
		}

		@Override
		public byte[] encode(Object value) {
			return new byte[] { 1 };
		}

		@Override
		public Object decode(byte[] stored) {
			Deep deep = new Deep(null);
			for (int i = 0; i < 100_000; i++) {
				deep = new Deep(deep);
			}
			return deep;
		}

	}

}
