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
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

import io.psqache.FailureCause;
import io.psqache.Storage;
import io.psqache.StoreException;
import io.psqache.internal.codec.Kinds.Address;
import io.psqache.internal.codec.Kinds.Boxed;
import io.psqache.internal.codec.Kinds.Circle;
import io.psqache.internal.codec.Kinds.Drawing;
import io.psqache.internal.codec.Kinds.Person;
import io.psqache.internal.codec.Kinds.Shape;
import io.psqache.internal.codec.Kinds.Square;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The content of a row, and that the JSON contains no unnecessary class names.
 */
class StoredFormTests {

	private static final String KINDS = Kinds.class.getName() + "$";

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);

	private final ValueCodec codec = this.codecs.codec("test", Storage.JSONB, null);

	private final ValueCodec addresses = codec(new ParameterizedTypeReference<List<Address>>() {
	});

	private ValueCodec codec(ParameterizedTypeReference<?> declared) {
		return this.codecs.codec("test", Storage.JSONB, declared.getType());
	}

	@ParameterizedTest
	@ValueSource(strings = { "v1 x", "v1,tagged x", "v1,tagged,escaped x", "v1,escaped a<b,c>", "v1 " })
	void supportedFormIsParsed(String text) {
		assertThat(StoredForm.parse(text)).hasToString(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "v1", "v2 x", "v1,encrypted x", "v1,escaped,tagged x", "v1,tagged,new x", "v11 x",
			" v1 x", "null", "java.lang.String" })
	void formOfOtherVersionIsRefused(String text) {
		assertThat(StoredForm.parse(text)).isNull();
	}

	@Test
	void jsonOfRecordIsUntagged() {
		StoredValue stored = this.codec.encode(new Person("Ada", 36, new Address("London", List.of("a"))));
		assertThat(stored.json())
			.isEqualTo("{\"name\":\"Ada\",\"age\":36,\"address\":{\"city\":\"London\",\"lines\":[\"a\"]}}");
		assertThat(stored.type()).isEqualTo("v1 " + KINDS + "Person");
	}

	@Test
	void jsonOfDeclaredListIsUntagged() {
		StoredValue stored = this.addresses.encode(new ArrayList<>(List.of(new Address("Rome", List.of()))));
		assertThat(stored.json()).isEqualTo("[{\"city\":\"Rome\",\"lines\":[]}]");
		assertThat(stored.type()).isEqualTo("v1 java.util.List<" + KINDS + "Address>");
	}

	@Test
	void otherListClassIsInTypeAndItsJsonIsUntagged() {
		StoredValue stored = this.addresses.encode(new CopyOnWriteArrayList<>(List.of(new Address("Rome", List.of()))));
		assertThat(stored.json()).isEqualTo("[{\"city\":\"Rome\",\"lines\":[]}]");
		assertThat(stored.type()).isEqualTo("v1 java.util.concurrent.CopyOnWriteArrayList<" + KINDS + "Address>");
		assertThat(this.addresses.decode(stored)).isInstanceOf(CopyOnWriteArrayList.class);
	}

	@Test
	void entryIsReadWithoutDeclaredType() {
		List<Address> value = List.of(new Address("Rome", List.of()));
		assertThat(this.codec.decode(this.addresses.encode(new ArrayList<>(value)))).isEqualTo(value);
		assertThat(this.codec.decode(this.addresses.encode(value))).isEqualTo(value);
		assertThat(this.addresses.decode(this.codec.encode(value))).isEqualTo(value);
	}

	@Test
	void elementsOfUndeclaredListAreTagged() {
		StoredValue stored = this.codec.encode(new ArrayList<>(List.of(new Address("Rome", List.of()), 7L, "a", 1)));
		assertThat(stored.json()).isEqualTo("[{\"@class\":\"" + KINDS + "Address\",\"city\":\"Rome\",\"lines\":[]},"
				+ "{\"@class\":\"java.lang.Long\",\"@content\":7},\"a\",1]");
		assertThat(stored.type()).isEqualTo("v1,tagged java.util.ArrayList");
	}

	@Test
	void elementsOfDeclaredInterfaceAreTagged() {
		StoredValue stored = this.codec
			.encode(new Drawing(new Circle(1), List.of(new Square(2)), Map.of("a", new Circle(3))));
		assertThat(stored.json()).isEqualTo(
				"{\"main\":{\"@class\":\"" + KINDS + "Circle\",\"radius\":1}," + "\"others\":[{\"@class\":\"" + KINDS
						+ "Square\",\"side\":2}],\"named\":{\"a\":{\"@class\":\"" + KINDS + "Circle\",\"radius\":3}}}");
		assertThat(stored.type()).isEqualTo("v1,tagged " + KINDS + "Drawing");
	}

	@Test
	void jsonOfStandardTypesIsUntagged() {
		Map<String, Object> document = new HashMap<>(
				Map.of("list", List.of(1, "a", List.of(true)), "map", Map.of("a", 1.5)));
		StoredValue stored = this.codec.encode(document);
		assertThat(stored.json()).doesNotContain("@");
		assertThat(stored.type()).isEqualTo("v1 java.util.HashMap");
		assertThat(this.codec.decode(stored)).isEqualTo(document);
	}

	@Test
	void keyClassIsInType() {
		StoredValue stored = this.codec.encode(new HashMap<>(Map.of(1L, "a")));
		assertThat(stored.json()).isEqualTo("{\"1\":\"a\"}");
		assertThat(stored.type()).isEqualTo("v1 java.util.HashMap<java.lang.Long,java.lang.Object>");
	}

	@Test
	void declaredInterfaceIsReadAsStoredClass() {
		ValueCodec shapes = this.codecs.codec("test", Storage.JSONB, Shape.class);
		StoredValue stored = shapes.encode(new Circle(1));
		assertThat(stored.type()).isEqualTo("v1 " + KINDS + "Circle");
		assertThat(stored.json()).isEqualTo("{\"radius\":1}");
		assertThat(shapes.decode(stored)).isEqualTo(new Circle(1));
	}

	@Test
	void typeArgumentsOfDeclaredRecordAreInType() {
		ValueCodec boxes = codec(new ParameterizedTypeReference<Boxed<Long>>() {
		});
		StoredValue stored = boxes.encode(new Boxed<>(7L));
		assertThat(stored.json()).isEqualTo("{\"content\":7}");
		assertThat(stored.type()).isEqualTo("v1 " + KINDS + "Boxed<java.lang.Long>");
		assertThat(boxes.decode(stored)).isEqualTo(new Boxed<>(7L));
	}

	@Test
	void valueOfOtherClassThanTypeArgumentIsTagged() {
		ValueCodec shapes = codec(new ParameterizedTypeReference<Boxed<Number>>() {
		});
		StoredValue stored = shapes.encode(new Boxed<>(7L));
		assertThat(stored.type()).isEqualTo("v1,tagged " + KINDS + "Boxed<java.lang.Number>");
		assertThat(shapes.decode(stored)).isEqualTo(new Boxed<>(7L));
	}

	@Test
	void genericArrayIsRestored() {
		ValueCodec arrays = codec(new ParameterizedTypeReference<List<Address>[]>() {
		});
		@SuppressWarnings({ "unchecked", "rawtypes" })
		List<Address>[] value = new List[] { List.of(new Address("Rome", List.of())) };
		assertThat((Object[]) arrays.decode(arrays.encode(value))).isEqualTo(value);
		assertThat((Object[]) this.codec.decode(arrays.encode(value))).isEqualTo(value);
		StoredValue text = this.codec.encode("text");
		assertUnreadable(() -> arrays.decode(text)).withMessageContaining("declared type");
	}

	@Test
	void tagIsReadAfterOtherProperties() {
		StoredValue stored = StoredValue.json(
				"[{\"city\": \"Rome\", \"lines\": [], \"@class\": \"" + KINDS + "Address\"}]",
				"v1,tagged java.util.ArrayList");
		assertThat(this.codec.decode(stored)).isEqualTo(List.of(new Address("Rome", List.of())));
	}

	/**
	 * The form of earlier versions, which did not name the classes of such collections.
	 */
	@Test
	void untaggedCollectionsAreReadAsDeclaredTypes() {
		StoredValue stored = StoredValue.json(
				"{\"level\":\"HIGH\",\"size\":\"LARGE\",\"set\":[\"LOW\",\"HIGH\"],\"map\":{\"HIGH\":1}}",
				"v1 " + KINDS + "Enums");
		assertThat(this.codec.decode(stored)).isEqualTo(Kinds.all().get("enums"));
	}

	@Test
	void removedPropertiesAreIgnored() {
		StoredValue stored = StoredValue.json("{\"city\":\"Rome\",\"lines\":[],\"added\":1}",
				"v1 " + KINDS + "Address");
		assertThat(this.codec.decode(stored)).isEqualTo(new Address("Rome", List.of()));
	}

	@Test
	void missingPropertyIsNull() {
		assertThat(this.codec.decode(StoredValue.json("{\"city\":\"Rome\"}", "v1 " + KINDS + "Address")))
			.hasFieldOrPropertyWithValue("lines", null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"name\":\"Ada\"}", "{\"name\":\"Ada\",\"age\":null}", "{\"name\":\"Ada\",\"age\":\"\"}",
			"{\"name\":\"Ada\",\"age\":\"36\"}", "{\"name\":\"Ada\",\"age\":1.5}", "{\"name\":\"Ada\",\"age\":true}" })
	void missingPrimitiveIsUnreadable(String json) {
		assertUnreadable(() -> this.codec.decode(StoredValue.json(json, "v1 " + KINDS + "Person")));
	}

	@Test
	void untrustedValueIsRefusedWithRemedy() {
		assertUnreadable(() -> this.codec.encode(untrusted()))
			.withMessageContaining("com.sun.net.httpserver.Filter$Chain")
			.withMessageContaining("Return the required data in a record.");
	}

	@Test
	void viewIsRestoredAsEqualJdkContainer() {
		List<Address> view = new ArrayList<>(List.of(address("Rome"), address("Oslo"), address("Bern"))).subList(0, 2);
		for (ValueCodec codec : List.of(this.codec, this.addresses)) {
			assertThat(codec.decode(codec.encode(view))).isEqualTo(view).isInstanceOf(ArrayList.class);
		}
		assertThat(this.addresses.encode(view).type()).isEqualTo("v1 java.util.List<" + KINDS + "Address>");
		Map<String, Integer> map = new LinkedHashMap<>(Map.of("a", 1));
		assertThat(this.codec.decode(this.codec.encode(map.keySet()))).isEqualTo(map.keySet());
		Map<Integer, String> head = new TreeMap<>(Map.of(1, "a", 2, "b", 3, "c")).headMap(3);
		assertThat(this.codec.decode(this.codec.encode(head))).isEqualTo(head).isInstanceOf(TreeMap.class);
	}

	@Test
	void rowWithOtherTypeArgumentsIsNotRead() {
		StoredValue people = codec(new ParameterizedTypeReference<List<Kinds.Person>>() {
		}).encode(new ArrayList<>(List.of(new Kinds.Person("Ada", 36, address("London")))));
		assertUnreadable(() -> this.addresses.decode(people));
		assertUnreadable(() -> this.addresses
			.decode(this.codec.encode(new ArrayList<Object>(List.of(new Kinds.Person("Ada", 36, address("London")))))));
		List<Address> cities = new ArrayList<>(List.of(address("Rome")));
		assertThat(this.addresses.decode(this.codec.encode(cities))).isEqualTo(cities);
	}

	@Test
	void classThatWouldLoseContentIsRefused() {
		assertUnreadable(() -> this.codec.encode(new Initials("A", "L")))
			.withMessageContaining("Initials.first would be read back as null");
	}

	/**
	 * The first lists contain only null, so verification cannot detect the problem.
	 */
	@Test
	void unreadableEntryCausesVerificationOfType() {
		ValueCodec codec = codec(new ParameterizedTypeReference<List<Legacy>>() {
		});
		for (int i = 0; i < 10; i++) {
			codec.encode(new ArrayList<>(Arrays.asList((Legacy) null)));
		}
		StoredValue stored = codec.encode(new ArrayList<>(List.of(new Legacy(1))));
		assertUnreadable(() -> codec.decode(stored));
		assertUnreadable(() -> codec.encode(new ArrayList<>(List.of(new Legacy(1)))));
	}

	private static Address address(String city) {
		return new Address(city, List.of());
	}

	/**
	 * A class whose constructor does not name its properties.
	 */
	static final class Initials {

		private final String first;

		private final String last;

		public Initials(String f, String l) {
			this.first = f;
			this.last = l;
		}

		public String getFirst() {
			return this.first;
		}

		public String getLast() {
			return this.last;
		}

	}

	static final class Legacy {

		private final int id;

		private Legacy(Object id) {
			this.id = (Integer) id;
		}

		public int getId() {
			return this.id;
		}

	}

	@Test
	void nestedUntrustedValueIsRefusedByName() {
		assertUnreadable(() -> this.codec.encode(new Boxed<>(List.of(org.assertj.core.data.Index.atIndex(1)))))
			.withMessageContaining("Add 'org.assertj.core.data' to psqache.trusted-packages");
		assertUnreadable(() -> this.codec.encode(List.of(new StringBuilder("x"))))
			.withMessageContaining("java.lang.StringBuilder");
	}

	private static Object untrusted() {
		return new com.sun.net.httpserver.Filter.Chain(List.of(), (exchange) -> {
		});
	}

	@Test
	void declaredTypeIsTrusted() {
		ValueCodecs nothingTrusted = new ValueCodecs(new TrustedTypes(List.of()), null);
		ValueCodec declared = nothingTrusted.codec("test", Storage.JSONB,
				new ParameterizedTypeReference<List<Address>>() {
				}.getType());
		List<Address> value = List.of(new Address("Rome", List.of()));
		assertThat(declared.decode(declared.encode(value))).isEqualTo(value);
		ValueCodec undeclared = nothingTrusted.codec("test", Storage.JSONB, null);
		assertUnreadable(() -> undeclared.encode(value)).withMessageContaining("psqache.trusted-packages");
		assertUnreadable(() -> undeclared.decode(declared.encode(value)));
	}

	@Test
	void valueOfOtherThanDeclaredTypeIsNeitherWrittenNorRead() {
		assertUnreadable(() -> this.addresses.encode("text"))
			.withMessageContaining("declared type of the cache's values is java.util.List");
		StoredValue text = this.codec.encode("text");
		assertUnreadable(() -> this.addresses.decode(text))
			.withMessageContaining("declared type of the cache's values is java.util.List");
	}

	@Test
	void valueThatWouldChangeIsRefused() {
		assertThat(this.codec.encode(new TreeSet<>(Set.of("a"))).json()).isEqualTo("[\"a\"]");
		assertUnreadable(() -> this.codec.encode(new TreeSet<>(String.CASE_INSENSITIVE_ORDER)))
			.withMessageContaining("comparator");
		assertUnreadable(() -> this.codec.encode(new Boxed<>(new TreeSet<>(String.CASE_INSENSITIVE_ORDER))))
			.withMessageContaining("comparator");
		assertUnreadable(() -> this.codec.encode(new HashMap<>(Map.of(1, 1, "1", 2)))).withMessageContaining("keys");
		assertUnreadable(() -> this.codec.encode(new HashMap<>(Map.of(new Circle(1), 1))))
			.withMessageContaining("Kinds$Circle")
			.withMessageContaining("@JsonKey");
		assertUnreadable(() -> this.codec.encode(new HashMap<>(Map.of(new Name("a"), 1))))
			.withMessageContaining("Name");
		assertUnreadable(() -> this.codec.encode(new ByName(Map.of(new Name("a"), 1)))).withMessageContaining("Name");
		assertUnreadable(() -> this.codec.encode(new NotInstantiable(1, 2))).withMessageContaining("NotInstantiable");
		assertUnreadable(() -> this.codec.encode(new Object())).withMessageContaining("java.lang.Object");
		assertUnreadable(() -> this.codec.encode(new Loop())).withMessageContaining("Loop");
		assertUnreadable(() -> this.codec
			.encode(new ArrayList<>(Arrays.asList(java.util.Optional.of(java.util.Optional.empty())))))
			.withMessageContaining("java.util.Optional");
	}

	@Test
	void equivalentCollectionIsUntagged() {
		record Fields(List<String> list, Set<String> set) {

		}
		StoredValue stored = this.codec
			.encode(new Fields(new ArrayList<>(List.of("a", "b")).subList(0, 1), Set.of("x")));
		assertThat(stored.json()).isEqualTo("{\"list\":[\"a\"],\"set\":[\"x\"]}");
		assertThat(this.codec.encode(new Fields(List.of("a"), new TreeSet<>(Set.of("x")))).json())
			.isEqualTo("{\"list\":[\"a\"],\"set\":{\"@class\":\"java.util.TreeSet\",\"@content\":[\"x\"]}}");
		assertThat(this.codec.decode(stored)).isEqualTo(new Fields(List.of("a"), new LinkedHashSet<>(List.of("x"))));
	}

	private static org.assertj.core.api.ThrowableAssertAlternative<StoreException> assertUnreadable(
			org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		return assertThatExceptionOfType(StoreException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.UNREADABLE));
	}

	record Name(String name) {

	}

	record ByName(Map<Name, Integer> map) {

	}

	static final class NotInstantiable {

		private final int one;

		NotInstantiable(int one, int two) {
			this.one = one + two;
		}

		NotInstantiable(int one) {
			this.one = one;
		}

		public int getOne() {
			return this.one;
		}

	}

	static final class Loop {

		public @Nullable Object getLoop() {
			return new Loop();
		}

	}

}
