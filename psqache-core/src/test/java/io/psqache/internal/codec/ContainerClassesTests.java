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

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.google.common.collect.HashBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import io.psqache.RoundTripException;
import io.psqache.Storage;
import io.psqache.StoreException;
import io.psqache.internal.codec.Kinds.Address;
import io.psqache.internal.codec.Kinds.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A restored container is equivalent to the original for its callers, or the container is
 * refused.
 */
// Applications cache such values.
@SuppressWarnings({ "JdkObsolete", "IdentityHashMapUsage" })
class ContainerClassesTests {

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);

	private final ValueCodec codec = this.codecs.codec("test", Storage.JSONB, null);

	private final ValueCodec verifying = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null, List.of(),
			List.of(), true)
		.codec("test", Storage.JSONB, null);

	@ParameterizedTest(name = "{0}")
	@MethodSource("containers")
	void containerIsRestoredWithItsClass(String name, Object value) {
		assertThat(roundTrip(this.codec, value)).isEqualTo(value).hasSameClassAs(value);
		assertThat(roundTrip(this.verifying, value)).hasSameClassAs(value);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("containers")
	void nestedContainerIsRestoredWithItsPublicTypes(String name, Object value) {
		for (Object whole : List.of(new Anything(value), new ArrayList<>(List.of(value)),
				new LinkedHashMap<>(Map.of("a", value)))) {
			assertThat(roundTrip(this.codec, whole)).isEqualTo(whole);
			assertThat(roundTrip(this.verifying, whole)).isEqualTo(whole);
		}
		Object restored = ((Anything) roundTrip(this.codec, new Anything(value))).value();
		assertThat(CollectionTypes.canReplace(value.getClass(), restored.getClass())).isTrue();
	}

	static Stream<Arguments> containers() {
		Map<String, Object> containers = new LinkedHashMap<>();
		containers.put("multi-value map", multiValueMap());
		containers.put("multi-value map by number", numbered());
		containers.put("unmodifiable multi-value map", CollectionUtils.unmodifiableMultiValueMap(multiValueMap()));
		containers.put("row", row());
		containers.put("rows", new ArrayList<>(List.of(row())));
		containers.put("Guava's list", ImmutableList.of(new Address("Rome", List.of()), 1L));
		containers.put("Guava's list of one", ImmutableList.of("a"));
		containers.put("Guava's set", ImmutableSet.of("b", "a"));
		containers.put("Guava's map", ImmutableMap.of("a", 1L, "b", ImmutableList.of(1)));
		containers.put("Guava's map by number", ImmutableMap.of(1L, "a"));
		containers.put("unmodifiable list", Collections.unmodifiableList(new LinkedList<>(List.of(1L))));
		containers.put("unmodifiable sorted set", Collections.unmodifiableSortedSet(new TreeSet<>(Set.of("a"))));
		containers.put("unmodifiable navigable set", Collections.unmodifiableNavigableSet(new TreeSet<>(Set.of("a"))));
		containers.put("unmodifiable sorted map", Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(1, "a"))));
		containers.put("unmodifiable navigable map",
				Collections.unmodifiableNavigableMap(new TreeMap<>(Map.of("a", 1L))));
		containers.put("synchronized list", Collections.synchronizedList(new LinkedList<>(List.of(1L))));
		containers.put("synchronized map", Collections.synchronizedMap(new LinkedHashMap<>(Map.of(1L, "a"))));
		containers.put("concurrent map", new ConcurrentHashMap<>(Map.of("a", 1L)));
		containers.put("linked list", new LinkedList<>(List.of("a")));
		containers.put("sorted map", new TreeMap<>(Map.of(1, "a")));
		containers.put("enum set", EnumSet.of(Level.HIGH));
		containers.put("enum map", new EnumMap<>(Map.of(Level.HIGH, 1)));
		containers.put("concurrent set", keySet());
		return containers.entrySet().stream().map((entry) -> Arguments.of(entry.getKey(), entry.getValue()));
	}

	private static Set<Object> keySet() {
		Set<Object> set = ConcurrentHashMap.newKeySet();
		set.add("a");
		return set;
	}

	private static MultiValueMap<String, String> multiValueMap() {
		MultiValueMap<String, String> map = new LinkedMultiValueMap<>();
		map.add("a", "1");
		map.add("a", "2");
		return map;
	}

	private static MultiValueMap<Integer, Object> numbered() {
		MultiValueMap<Integer, Object> map = new LinkedMultiValueMap<>();
		map.add(1, 1L);
		return map;
	}

	private static Map<String, Object> row() {
		Map<String, Object> row = new LinkedCaseInsensitiveMap<>();
		row.put("isbn", "978-1");
		row.put("pages", 7L);
		return row;
	}

	@Test
	void springTypeIsRestoredFromItsName() {
		ValueCodec codec = declared(new ParameterizedTypeReference<MultiValueMap<String, Address>>() {
		});
		MultiValueMap<String, Address> value = new LinkedMultiValueMap<>();
		value.add("a", new Address("Rome", List.of()));
		assertThat(codec.encode(value).type())
			.isEqualTo("v1 org.springframework.util.MultiValueMap<java.lang.String," + Address.class.getName() + ">");
		assertThat(roundTrip(codec, value)).isEqualTo(value).isInstanceOf(LinkedMultiValueMap.class);
		assertThat(this.codec.decode(codec.encode(value))).isEqualTo(value);
	}

	@Test
	void guavaTypeIsRestored() {
		ValueCodec codec = declared(new ParameterizedTypeReference<ImmutableMap<String, ImmutableSet<Address>>>() {
		});
		ImmutableMap<String, ImmutableSet<Address>> value = ImmutableMap.of("a",
				ImmutableSet.of(new Address("Rome", List.of())));
		assertThat(codec.encode(value).json()).isEqualTo("{\"a\":[{\"city\":\"Rome\",\"lines\":[]}]}");
		assertThat(roundTrip(codec, value)).isEqualTo(value).isInstanceOf(ImmutableMap.class);
	}

	@Test
	void typeWithOtherParametersThanItsInterfaceIsRestoredFromItsName() {
		ValueCodec codec = declared(new ParameterizedTypeReference<Pages<Address>>() {
		});
		Pages<Address> value = new Pages<>();
		value.add(new ArrayList<>(List.of(new Address("Rome", List.of()))));
		assertThat(codec.encode(value).type())
			.isEqualTo("v1 " + Pages.class.getName() + "<" + Address.class.getName() + ">");
		assertThat(roundTrip(codec, value)).isEqualTo(value).isInstanceOf(Pages.class);
	}

	@Test
	void declaredComponentsOfRecordsKeepTheirClasses() {
		Places places = new Places(multiValueMap(), row(), ImmutableList.of("a"), new ArrayList<>(List.of(row())),
				ImmutableSet.of(1), new TreeSet<>(Set.of("x")));
		Places restored = (Places) roundTrip(this.codec, places);
		assertThat(restored).isEqualTo(places);
		assertThat(restored.row().get("ISBN")).isEqualTo("978-1");
		assertThat(restored.rows().get(0).get("PAGES")).isEqualTo(7L);
		assertThat(restored.collection()).isInstanceOf(ImmutableSet.class);
		assertThat(restored.set()).isInstanceOf(TreeSet.class);
		assertThat(roundTrip(this.verifying, places)).isEqualTo(places);
	}

	@Test
	void rowsOfDeclaredListFindNamesInAnyCase() {
		ValueCodec rows = declared(new ParameterizedTypeReference<List<Map<String, Object>>>() {
		});
		List<?> restored = (List<?>) roundTrip(rows, new ArrayList<>(List.of(row())));
		assertThat(((Map<?, ?>) restored.get(0)).get("ISBN")).isEqualTo("978-1");
	}

	/**
	 * Callers cannot see the class of a view.
	 */
	@Test
	void viewsAreRestoredAsTheirPublicTypes() {
		Map<String, Integer> map = new HashMap<>(Map.of("a", 1));
		assertThat(roundTrip(this.codec, map.keySet())).isEqualTo(Set.of("a"));
		assertThat((Collection<?>) roundTrip(this.codec, map.values())).hasToString("[1]");
		assertThat((Collection<?>) roundTrip(this.codec, Collections.unmodifiableCollection(map.values())))
			.hasToString("[1]");
		assertThat(roundTrip(this.codec, new Lists(List.of(1), new HashSet<>(Set.of(1)))))
			.isEqualTo(new Lists(List.of(1), new LinkedHashSet<>(Set.of(1))));
	}

	@ParameterizedTest
	@MethodSource("irreplaceable")
	void containerThatCannotBeInstantiatedIsRefusedWithItsType(Object value, String message) {
		for (Object whole : List.of(value, new Anything(value))) {
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(whole))
				.withMessageContaining(value.getClass().getName())
				.withMessageContaining(message);
			assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> this.verifying.encode(whole));
		}
	}

	static Stream<Arguments> irreplaceable() {
		return Stream.of(Arguments.of(ImmutableSortedSet.of("b", "a"), "LinkedHashSet"),
				Arguments.of(HashBiMap.create(Map.of("a", 1)), "not a com.google.common.collect.HashBiMap"),
				Arguments.of(ImmutableListMultimap.of("a", 1), "com.google.common.collect"),
				Arguments.of(new java.util.IdentityHashMap<>(Map.of("a", 1)), "not a java.util.IdentityHashMap"),
				Arguments.of(new TreeMap<>(String.CASE_INSENSITIVE_ORDER), "comparator"));
	}

	/**
	 * The lookups of these containers find more than their content.
	 */
	@ParameterizedTest(name = "{0}")
	@MethodSource("findingMore")
	void containerThatFindsMoreThanItsContentIsRefused(String name, Object value) {
		for (Object whole : List.of(value, new Anything(value), new ArrayList<>(List.of(value)))) {
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(whole))
				.withMessageContaining("finds other")
				.withMessageContaining("its content in");
			assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> this.verifying.encode(whole));
		}
	}

	static Stream<Arguments> findingMore() {
		TreeMap<String, Object> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		map.putAll(row());
		TreeSet<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		set.add("a");
		return Stream.of(Arguments.of("unmodifiable row", Collections.unmodifiableMap(row())),
				Arguments.of("synchronized row", Collections.synchronizedMap(row())),
				Arguments.of("unmodifiable sorted map", Collections.unmodifiableMap(map)),
				Arguments.of("unmodifiable map of prices",
						Collections.unmodifiableMap(new TreeMap<>(Map.of(new BigDecimal("1.50"), "a")))),
				Arguments.of("unmodifiable set", Collections.unmodifiableSet(set)),
				Arguments.of("synchronized set", Collections.synchronizedSet(set)),
				Arguments.of("unmodifiable collection", Collections.unmodifiableCollection(set)),
				Arguments.of("columns of a row", row().keySet()));
	}

	@Test
	void rowsOfAnotherLocaleAreRefused() {
		Map<String, Object> row = new LinkedCaseInsensitiveMap<>(Locale.forLanguageTag("tr"));
		row.put("ISBN", "978-1");
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(row))
			.withMessageContaining("LinkedCaseInsensitiveMap");
	}

	@Test
	void replacementHasAllVisibleTypes() {
		assertThat(CollectionTypes.canReplace(List.of().getClass(), ArrayList.class)).isTrue();
		assertThat(CollectionTypes.canReplace(HashMap.class, LinkedHashMap.class)).isTrue();
		assertThat(CollectionTypes.canReplace(LinkedHashMap.class, HashMap.class)).isFalse();
		assertThat(CollectionTypes.canReplace(LinkedList.class, ArrayList.class)).isFalse();
		assertThat(CollectionTypes.canReplace(CopyOnWriteArrayList.class, ArrayList.class)).isFalse();
		assertThat(
				CollectionTypes.canReplace(Collections.synchronizedList(new ArrayList<>()).getClass(), ArrayList.class))
			.isFalse();
		assertThat(CollectionTypes.canReplace(ImmutableList.of(1, 2).getClass(), ArrayList.class)).isFalse();
		assertThat(CollectionTypes.canReplace(ImmutableList.of(1, 2).getClass(), ImmutableList.of(1).getClass()))
			.isTrue();
	}

	private ValueCodec declared(ParameterizedTypeReference<?> type) {
		return this.codecs.codec("test", Storage.JSONB, type.getType());
	}

	private static Object roundTrip(ValueCodec codec, Object value) {
		return Objects.requireNonNull(codec.decode(codec.encode(value)));
	}

	record Anything(Object value) {

	}

	record Lists(List<Integer> list, Set<Integer> set) {

	}

	record Places(MultiValueMap<String, String> params, Map<String, Object> row, ImmutableList<String> list,
			List<Map<String, Object>> rows, Collection<Integer> collection, Set<String> set) {

	}

	@SuppressWarnings("serial")
	static class Pages<T> extends ArrayList<List<T>> {

	}

}
