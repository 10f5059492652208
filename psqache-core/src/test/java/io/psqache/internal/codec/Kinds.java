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

import java.beans.ConstructorProperties;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A value of every kind that psqache restores, by the name of its golden file.
 */
// Applications cache such values.
@SuppressWarnings({ "JavaUtilDate", "EqualsGetClass", "ArrayRecordComponent" })
public final class Kinds {

	public static final String NUL = "a\u0000b";

	public static final String HALF = "a\ud83db";

	private Kinds() {
	}

	/**
	 * Return all values by name.
	 */
	public static Map<String, Object> all() {
		Map<String, Object> kinds = new LinkedHashMap<>();
		scalars(kinds);
		times(kinds);
		objects(kinds);
		collections(kinds);
		maps(kinds);
		arrays(kinds);
		return kinds;
	}

	private static void scalars(Map<String, Object> kinds) {
		kinds.put("string", "text");
		kinds.put("string-empty", "");
		kinds.put("string-json", "{\"@class\":\"x\"}");
		kinds.put("string-emoji", "\ud83d\ude00 \u20ac");
		kinds.put("string-nul", NUL);
		kinds.put("string-half-pair", HALF);
		kinds.put("boolean", true);
		kinds.put("character", 'c');
		kinds.put("byte", (byte) -1);
		kinds.put("short", (short) 300);
		kinds.put("integer", 42);
		kinds.put("long", 42L);
		kinds.put("long-min", Long.MIN_VALUE);
		kinds.put("float", 1.1f);
		kinds.put("float-max", Float.MAX_VALUE);
		kinds.put("double", 1.0);
		kinds.put("double-min", Double.MIN_VALUE);
		kinds.put("double-nan", Double.NaN);
		kinds.put("double-infinity", Double.NEGATIVE_INFINITY);
		kinds.put("double-minus-zero", -0.0);
		kinds.put("double-small-negative", -0.05);
		kinds.put("big-integer", new BigInteger("-123456789012345678901234567890"));
		kinds.put("big-decimal", new BigDecimal("1.500"));
		kinds.put("big-decimal-exponent", new BigDecimal("1E+3"));
		kinds.put("big-decimal-zero", new BigDecimal("0E-10"));
		kinds.put("big-decimal-small", new BigDecimal("1E-400"));
		kinds.put("uuid", new UUID(1, 2));
		kinds.put("uri", URI.create("https://example.com/a?b=c"));
		kinds.put("locale", Locale.GERMANY);
		kinds.put("currency", Currency.getInstance("EUR"));
		kinds.put("optional", Optional.of("text"));
		kinds.put("optional-long", Optional.of(7L));
		kinds.put("optional-empty", Optional.empty());
		kinds.put("optional-int", OptionalInt.of(1));
		kinds.put("optional-long-primitive", OptionalLong.of(1));
		kinds.put("optional-double", OptionalDouble.of(1.5));
		kinds.put("optional-int-empty", OptionalInt.empty());
	}

	private static void times(Map<String, Object> kinds) {
		kinds.put("instant", Instant.parse("2026-01-02T03:04:05.123456789Z"));
		kinds.put("instant-far", Instant.parse("-1000000000-01-01T00:00:00Z"));
		kinds.put("local-date", LocalDate.of(2026, 1, 2));
		kinds.put("local-time", LocalTime.of(3, 4, 5, 6));
		kinds.put("local-time-midnight", LocalTime.MIDNIGHT);
		kinds.put("local-date-time", LocalDateTime.of(2026, 1, 2, 3, 4));
		kinds.put("offset-date-time", OffsetDateTime.parse("2026-01-02T03:04:05.1+02:00"));
		kinds.put("offset-time", OffsetTime.parse("03:04:05.1+02:00"));
		kinds.put("zoned-date-time", ZonedDateTime.parse("2026-10-25T02:30:00+01:00[Europe/Berlin]"));
		kinds.put("zoned-date-time-utc", ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 0, ZoneId.of("UTC")));
		kinds.put("zoned-date-time-offset", ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 0, ZoneOffset.ofHours(2)));
		kinds.put("duration", Duration.ofNanos(-1));
		kinds.put("period", Period.of(1, -2, 3));
		kinds.put("year", Year.of(2026));
		kinds.put("year-month", YearMonth.of(2026, 1));
		kinds.put("month-day", MonthDay.of(2, 29));
		kinds.put("zone-id", ZoneId.of("Europe/Berlin"));
		kinds.put("zone-offset", ZoneOffset.ofHours(-3));
		kinds.put("month", Month.JANUARY);
		kinds.put("day-of-week", DayOfWeek.SUNDAY);
		kinds.put("date", new Date(1_234_567_890_123L));
		kinds.put("time-zone", TimeZone.getTimeZone("Europe/Berlin"));
	}

	private static void objects(Map<String, Object> kinds) {
		kinds.put("record", new Address("Rome", List.of("a", "b")));
		kinds.put("record-nested", new Person("Ada", 36, new Address("London", List.of())));
		kinds.put("record-of-null", new Boxed<>(null));
		kinds.put("record-generic", new Boxed<>(7L));
		kinds.put("record-generic-record", new Boxed<>(new Address("Rome", List.of())));
		kinds.put("record-generic-list", new Boxed<>(List.of(1, "a")));
		kinds.put("record-generic-set", new Boxed<>(Set.of(1L)));
		kinds.put("record-of-strings", new Boxed<>(NUL + HALF));
		kinds.put("sealed", new Drawing(new Circle(1), List.of(new Circle(2), new Square(3)),
				new LinkedHashMap<>(Map.of("a", new Square(4)))));
		kinds.put("polymorphic-by-annotation", new Zoo(new Lion("Leo"), List.of(new Ant(), new Lion("Elsa"))));
		kinds.put("subclass", new Garage(new Car("a"), new Cabriolet("b", true)));
		kinds.put("numbers", new Numbers(1, 2L, 1.0, new BigDecimal("1.10"), new BigDecimal("0E-10"), -0.0, 7L, 1.5f));
		kinds.put("natural-numbers", new Boxed<>(List.of(1, 1.0)));
		kinds.put("optionals", new Optionals(Optional.of("a"), Optional.empty(), OptionalInt.of(1),
				OptionalLong.empty(), Optional.of(new Circle(1))));
		kinds.put("enums", new Enums(Level.HIGH, Size.LARGE, EnumSet.of(Level.LOW, Level.HIGH),
				new EnumMap<>(Map.of(Level.HIGH, 1))));
		kinds.put("containers",
				new Containing(new ArrayList<>(List.of("a")), new LinkedHashSet<>(List.of("b", "a")), Set.of("x"),
						new TreeSet<>(Set.of("z", "y")), new TreeMap<>(Map.of("k", 1)), Map.of(1, "one"),
						Map.of(new UUID(1, 2), List.of(1L)), new long[] { 1, 2 },
						new Address[] { new Address("Bern", List.of()) }, new byte[] { 1, -1 }.clone()));
		kinds.put("anything",
				new Anything("text", List.of(1L, "a"), Map.of("a", 1L), Set.of(2L), new Object[] { 1, 2L, null }));
		kinds.put("times-in-fields",
				new Times(ZoneId.of("Asia/Tokyo"), TimeZone.getTimeZone("UTC"), new Date(1), Instant.EPOCH));
		kinds.put("class-with-setters", new Bean("Ada", List.of(new Circle(1))));
		kinds.put("class-with-constructor", new Immutable("Ada", 36, null));
		kinds.put("class-with-constructor-properties", new ByConstructorProperties("Ada", 36));
		kinds.put("class-with-creator", new ByCreator("Ada"));
		kinds.put("class-of-one-value", new Money("12.50 EUR"));
		kinds.put("enum", Size.LARGE);
		kinds.put("enum-with-body", Level.HIGH);
	}

	private static void collections(Map<String, Object> kinds) {
		kinds.put("list", new ArrayList<>(List.of("a", "b")));
		kinds.put("list-of-longs", new ArrayList<>(List.of(1L, 2L)));
		kinds.put("list-of-records", new ArrayList<>(List.of(new Address("Rome", List.of()))));
		kinds.put("list-of-shapes", new ArrayList<>(List.of(new Circle(1), new Square(2))));
		kinds.put("list-of-nulls", new ArrayList<>(Arrays.asList(null, "a", null)));
		kinds.put("list-of-anything",
				new ArrayList<>(Arrays.asList(1, 1L, 1.5, 1.5f, Double.NaN, "a", 'c', true, (byte) 1, (short) 1,
						new BigDecimal("1.0"), BigInteger.ONE, new UUID(1, 2), Instant.EPOCH, ZoneId.of("UTC"),
						Size.SMALL, Level.HIGH, Optional.of(1), Optional.empty(), List.of(), Map.of(), Set.of(),
						new ArrayList<>(List.of(List.of(1))), Map.of("a", Map.of("b", 2L)),
						new TreeMap<>(Map.of("a", 1)), EnumSet.of(Level.LOW), Map.of(1, 2),
						new LinkedHashMap<>(new TreeMap<>(Map.of("@class", "x", "@content", 1))))));
		kinds.put("list-immutable", List.of(1, 2));
		kinds.put("list-immutable-empty", List.of());
		kinds.put("list-immutable-long", List.of(1, 2, 3));
		kinds.put("list-of-stream-with-null", Arrays.asList(null, 1).stream().toList());
		kinds.put("list-as-list", Arrays.asList(1, null));
		kinds.put("list-singleton", Collections.singletonList("a"));
		kinds.put("list-empty", Collections.emptyList());
		kinds.put("list-unmodifiable", Collections.unmodifiableList(new ArrayList<>(List.of("a"))));
		kinds.put("list-synchronized", Collections.synchronizedList(new ArrayList<>(List.of("a"))));
		kinds.put("list-copy-on-write", new CopyOnWriteArrayList<>(List.of(1L)));
		kinds.put("set", new LinkedHashSet<>(List.of("b", "a")));
		kinds.put("set-immutable", Set.of("a"));
		kinds.put("set-singleton", Collections.singleton("a"));
		kinds.put("set-unmodifiable", Collections.unmodifiableSet(new LinkedHashSet<>(List.of("a"))));
		kinds.put("set-sorted", new TreeSet<>(Set.of(3, 1, 2)));
		kinds.put("set-of-enums", EnumSet.of(Level.LOW, Level.HIGH));
		kinds.put("set-of-no-enums", EnumSet.noneOf(Level.class));
	}

	private static void maps(Map<String, Object> kinds) {
		kinds.put("map", new LinkedHashMap<>(Map.of("a", 1L)));
		kinds.put("map-immutable", Map.of("a", 1, "b", 1));
		kinds.put("map-immutable-one", Map.of("a", 1));
		kinds.put("map-empty", new HashMap<>());
		kinds.put("map-of-records", new HashMap<>(Map.of("home", new Address("Oslo", List.of()))));
		kinds.put("map-by-integer", new HashMap<>(Map.of(1, "one")));
		kinds.put("map-by-long", new HashMap<>(Map.of(1L, "one")));
		kinds.put("map-by-uuid", new HashMap<>(Map.of(new UUID(1, 2), 1)));
		kinds.put("map-by-enum", new HashMap<>(Map.of(Size.LARGE, 1)));
		kinds.put("map-by-big-decimal", new HashMap<>(Map.of(new BigDecimal("1.10"), 1)));
		kinds.put("map-by-date", new TreeMap<>(Map.of(LocalDate.of(2026, 1, 2), 1)));
		kinds.put("map-by-key-form", new HashMap<>(Map.of(new Money("1 EUR"), 1)));
		kinds.put("map-of-odd-strings", new HashMap<>(Map.of(NUL, HALF, HALF, NUL)));
		kinds.put("map-sorted", new TreeMap<>(Map.of("b", 1, "a", 2)));
		kinds.put("map-enum", new EnumMap<>(Map.of(Level.LOW, 1L)));
		kinds.put("map-concurrent", new ConcurrentHashMap<>(Map.of("a", 1)));
		kinds.put("map-unmodifiable", Collections.unmodifiableMap(new LinkedHashMap<>(Map.of("a", 1))));
		kinds.put("map-unmodifiable-by-integer", Collections.unmodifiableMap(new LinkedHashMap<>(Map.of(1, 1))));
		kinds.put("map-singleton", Collections.singletonMap("a", 1));
		Map<String, @Nullable Object> ofNull = new HashMap<>();
		ofNull.put("a", null);
		kinds.put("map-of-null", ofNull);
	}

	private static void arrays(Map<String, Object> kinds) {
		kinds.put("array-of-bytes", new byte[] { 1, 2, -1 });
		kinds.put("array-of-ints", new int[] { 1, 2 });
		kinds.put("array-of-doubles", new double[] { 1.5, Double.NaN, -0.0 });
		kinds.put("array-of-chars", new char[] { 'a', '\u0000', '\ud83d' });
		kinds.put("array-of-booleans", new boolean[] { true, false });
		kinds.put("array-of-strings", new String[] { "a", null });
		kinds.put("array-of-longs", new Long[] { 1L, null });
		kinds.put("array-of-records", new Address[] { new Address("Bern", List.of()) });
		kinds.put("array-of-shapes", new Shape[] { new Circle(1), new Square(2) });
		kinds.put("array-of-objects", new Object[] { 1, 1L, "a", null, new Circle(1), List.of(1L) });
		kinds.put("array-of-arrays", new int[][] { { 1 }, {}, { 2, 3 } });
		kinds.put("array-of-arrays-of-objects", new Object[][] { { 1L }, { new Circle(1) } });
	}

	public record Person(String name, int age, Address address) {

	}

	public record Address(String city, List<String> lines) {

	}

	public record Boxed<T>(@Nullable T content) {

	}

	public sealed interface Shape {

	}

	public record Circle(int radius) implements Shape {

	}

	public record Square(int side) implements Shape {

	}

	public record Drawing(Shape main, List<Shape> others, Map<String, Shape> named) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	@JsonSubTypes({ @JsonSubTypes.Type(Lion.class), @JsonSubTypes.Type(Ant.class) })
	public interface Animal {

	}

	@JsonTypeName("lion")
	public record Lion(String name) implements Animal {

	}

	@JsonTypeName("ant")
	public record Ant() implements Animal {

	}

	public record Zoo(Animal star, List<Animal> others) {

	}

	public record Garage(Car one, Car other) {

	}

	public static class Car {

		private final String name;

		@JsonCreator
		public Car(@JsonProperty("name") String name) {
			this.name = name;
		}

		public String getName() {
			return this.name;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other != null && getClass() == other.getClass() && ((Car) other).name.equals(this.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

	public static class Cabriolet extends Car {

		private final boolean open;

		@JsonCreator
		public Cabriolet(@JsonProperty("name") String name, @JsonProperty("open") boolean open) {
			super(name);
			this.open = open;
		}

		public boolean isOpen() {
			return this.open;
		}

	}

	public record Numbers(int primitive, Long boxed, double whole, BigDecimal scaled, BigDecimal zero, double minusZero,
			Number any, Comparable<?> comparable) {

	}

	public record Optionals(Optional<String> full, Optional<String> empty, OptionalInt number, OptionalLong none,
			Optional<Shape> shape) {

	}

	public record Enums(Level level, Size size, Set<Level> set, Map<Level, Integer> map) {

	}

	public record Containing(List<String> list, Collection<String> collection, Set<String> set,
			SortedSet<String> sorted, SortedMap<String, Integer> sortedMap, Map<Integer, String> byInteger,
			Map<UUID, List<Long>> byUuid, long[] longs, Address[] records, byte[] bytes) {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Containing that && parts().equals(that.parts());
		}

		@Override
		public int hashCode() {
			return parts().hashCode();
		}

		private List<Object> parts() {
			return List.of(this.list, this.collection, this.set, this.sorted, this.sortedMap, this.byInteger,
					this.byUuid, Arrays.toString(this.longs), List.of(this.records), Arrays.toString(this.bytes));
		}

	}

	public record Anything(Object string, Object list, Object map, Iterable<Long> set, Object[] array) {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Anything that && parts().equals(that.parts());
		}

		@Override
		public int hashCode() {
			return parts().hashCode();
		}

		private List<Object> parts() {
			return List.of(this.string, this.list, this.map, this.set, Arrays.asList(this.array));
		}

	}

	public record Times(ZoneId zone, TimeZone timeZone, Date date, Object instant) {

	}

	public enum Size {

		SMALL, LARGE;

		@Override
		public String toString() {
			return "size";
		}

	}

	public enum Level {

		LOW,

		HIGH {

			@Override
			boolean isHigh() {
				return true;
			}

		};

		boolean isHigh() {
			return false;
		}

	}

	public static class Bean {

		private String name = "";

		private List<Shape> shapes = new ArrayList<>();

		Bean() {
		}

		Bean(String name, List<Shape> shapes) {
			this.name = name;
			this.shapes = shapes;
		}

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

		public List<Shape> getShapes() {
			return this.shapes;
		}

		public void setShapes(List<Shape> shapes) {
			this.shapes = shapes;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Bean bean && bean.name.equals(this.name) && bean.shapes.equals(this.shapes);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

	/**
	 * A class as Kotlin compiles a data class: final, with one constructor and parameter
	 * names.
	 */
	public static final class Immutable {

		private final String name;

		private final int age;

		private final @Nullable String nickname;

		public Immutable(String name, int age, @Nullable String nickname) {
			this.name = name;
			this.age = age;
			this.nickname = nickname;
		}

		public String getName() {
			return this.name;
		}

		public int getAge() {
			return this.age;
		}

		public @Nullable String getNickname() {
			return this.nickname;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Immutable that && that.name.equals(this.name) && that.age == this.age
					&& Objects.equals(that.nickname, this.nickname);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

	public static final class ByConstructorProperties {

		private final String one;

		private final int two;

		@ConstructorProperties({ "first", "second" })
		public ByConstructorProperties(String one, int two) {
			this.one = one;
			this.two = two;
		}

		public String getFirst() {
			return this.one;
		}

		public int getSecond() {
			return this.two;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof ByConstructorProperties that && that.one.equals(this.one) && that.two == this.two;
		}

		@Override
		public int hashCode() {
			return this.two;
		}

	}

	public static final class ByCreator {

		private final String name;

		private ByCreator(String name) {
			this.name = name;
		}

		@JsonCreator
		public static ByCreator of(@JsonProperty("name") String name) {
			return new ByCreator(name);
		}

		public String getName() {
			return this.name;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof ByCreator that && that.name.equals(this.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

	public record Money(@JsonValue String text) {

		@JsonCreator
		public static Money of(String text) {
			return new Money(text);
		}

	}

}
