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

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;

/**
 * A key of every supported kind. Their stored forms are in {@code key-texts.txt}. The
 * main method prints them, for a test that compares JVMs.
 */
// Applications use such keys.
@SuppressWarnings({ "FloatingPointLiteralPrecision", "BooleanLiteral", "JavaUtilDate", "JdkObsolete" })
final class KeySamples {

	private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 2, 3, 4, 5, 678_901_234);

	private KeySamples() {
	}

	public static void main(String[] args) {
		PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		texts().forEach((text) -> out.print(text + "\n"));
	}

	static List<String> texts() {
		KeyCodec codec = new KeyCodec(List.of());
		return keys().map(codec::encode).toList();
	}

	static Stream<Object> keys() {
		return Stream.of(numbers(), strings(), times(), platform(), collections(), classes()).flatMap((keys) -> keys);
	}

	private static Stream<Object> numbers() {
		return Stream.of(42, 42L, (short) 42, (byte) 42, -1, Long.MIN_VALUE, new BigInteger("9".repeat(40)), 1.0, -0.0,
				0.1f, 0.1, 1e10, 2e23, 8.41e21, 1e23, Double.MIN_VALUE, Double.MAX_VALUE, 9.9999998E9f, 8.999999e9f,
				new BigDecimal("1.0"), new BigDecimal("1.00"), new BigDecimal("1E+3"), new BigDecimal("1E-400000000"),
				true, Boolean.FALSE);
	}

	private static Stream<Object> strings() {
		return Stream.of("", "42", "a/b", "Stra\u00dfe", "say \"hi\" \\ \b\f\n\r\t", "\u0000\u001f\u007f\u2028",
				"\ud83d\ude00", "\ud83d", "\\ud83d", "sha256:" + "0".repeat(64), "null", 'c', "k".repeat(998),
				"k".repeat(999), "\u20ac".repeat(334), new char[] { 'a', 'b' });
	}

	private static Stream<Object> times() {
		return Stream.of(TIME.toInstant(ZoneOffset.UTC), Instant.EPOCH, TIME, LocalTime.of(10, 0), LocalTime.MIDNIGHT,
				LocalDate.of(2026, 1, 2), TIME.atOffset(ZoneOffset.ofHours(1)), TIME.atOffset(ZoneOffset.UTC),
				TIME.atZone(ZoneId.of("Europe/Berlin")), TIME.atZone(ZoneOffset.ofHours(1)),
				OffsetDateTime.of(2026, 1, 2, 3, 4, 0, 0, ZoneOffset.ofHours(-5)),
				OffsetTime.of(1, 2, 3, 0, ZoneOffset.UTC), Year.of(2026), YearMonth.of(2026, 1), MonthDay.of(1, 2),
				Duration.ofMillis(90_061_001), Period.of(1, 2, 3), ZoneId.of("Asia/Kathmandu"), ZoneOffset.UTC,
				new Date(0), DayOfWeek.MONDAY, ZonedDateTime.of(TIME, ZoneId.of("UTC")));
	}

	private static Stream<Object> platform() {
		return Stream.of(new UUID(1, 2), URI.create("http://a.example/b?c=d"), Currency.getInstance("EUR"), Locale.ROOT,
				Locale.GERMANY, Locale.forLanguageTag("zh-Hant-TW"), String.class, Map.Entry.class, Optional.empty(),
				Optional.of("a"), OptionalInt.of(1), TimeUnit.DAYS, Map.entry("a", 1));
	}

	private static Stream<Object> collections() {
		Map<String, Integer> reversed = new TreeMap<>(Comparator.reverseOrder());
		reversed.putAll(Map.of("id", 1, "ID", 2, "i", 3, "id2", 4, "id!", 5, "\u0130", 6));
		Set<Integer> descending = new TreeSet<>(Comparator.reverseOrder());
		descending.addAll(List.of(1, 2, 10));
		return Stream.of(SimpleKey.EMPTY, new SimpleKey(1, "a"), new SimpleKey(1, null),
				new SimpleKey(1, new SimpleKey("a", new int[] { 1, 2 })), List.of(1, "a"),
				new LinkedList<>(List.of(1, "a")), Arrays.asList(1, null), List.of(), Set.of(),
				Set.of(1, 2, 10, 3, 4, 5, 6, 7, 8, 9), descending, Set.of("b", "a", "A", "\u00e4"),
				Collections.singleton(null), Set.of(Set.of(2, 1), Set.of(3, 1), Set.of()),
				Set.of(Map.of("a", 1, "b", 2), Map.of("b", 1, "a", 3)), EnumSet.allOf(TimeUnit.class), Map.of(),
				Map.of("b", 1, "a", 2), reversed, Map.of(2, "a", 10, "b"), Map.of(TimeUnit.DAYS, 1),
				Map.of(new BigDecimal("1.0"), 1, new BigDecimal("1.00"), 2), new byte[] { 1, 2, -1 },
				new int[] { 1, 2 }, new double[] { 1.5, 2e23 }, new String[] { "a", null },
				new Object[] { 1, List.of("a") },
				new SimpleKey(Map.of("x", List.of(Map.of("d", 1, "c", 2))), Set.of(1)));
	}

	private static Stream<Object> classes() {
		return Stream.of(new Region("EU", 1), new Pair<>(new Region("EU", 1), List.of(new Region("US", 2))),
				new Pair<>(Set.of(new Region("EU", 1), new Region("US", 2)), null), new Ordered(1, 2), new Point(1, 2),
				new Isbn("978-1"), Size.SMALL, Size.LARGE, Level.HIGH, Rank.SECOND, Map.of(Size.LARGE, 1),
				new Pair<>(Size.LARGE, EnumSet.allOf(Size.class)));
	}

	record Region(String region, int id) {

	}

	record Pair<A, B>(A first, @Nullable B second) {

	}

	@JsonPropertyOrder({ "b", "a" })
	record Ordered(int a, int b) {

	}

	record Isbn(@JsonValue String text) {

	}

	static class Point {

		private final int y;

		private final int x;

		Point(int x, int y) {
			this.x = x;
			this.y = y;
		}

		public int getY() {
			return this.y;
		}

		public int getX() {
			return this.x;
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Point point && point.x == this.x && point.y == this.y;
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.x, this.y);
		}

	}

	enum Size {

		SMALL, LARGE {

			@Override
			public String toString() {
				return "big";
			}

		};

		@Override
		public String toString() {
			return "size";
		}

	}

	enum Level {

		@JsonProperty("h")
		HIGH

	}

	@JsonFormat(shape = JsonFormat.Shape.NUMBER)
	enum Rank {

		FIRST, SECOND

	}

}
