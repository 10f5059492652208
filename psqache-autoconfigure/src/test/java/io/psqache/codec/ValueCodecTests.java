package io.psqache.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.psqache.store.FailureCause;
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ValueCodecTests {

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);

	private final ValueCodec codec = codec(Storage.JSONB);

	private ValueCodec codec(Storage storage) {
		return this.codecs.codec("test", storage, null);
	}

	@ParameterizedTest
	@MethodSource("values")
	void valueComesBackAsItWas(Object value) {
		for (Storage storage : Storage.values()) {
			Object back = this.codec.decode(codec(storage).encode(value));
			assertThat(back).isEqualTo(value);
			if (!(value instanceof Collection || value instanceof Map)) { // List.of(1)
																			// may be an
																			// ArrayList
				assertThat(back).hasSameClassAs(value);
			}
		}
	}

	static Stream<Object> values() {
		return Stream.of("text", "", "\u0000", "\ud83d", "\ud83d\ude00", 1, 1L, (short) 1, (byte) 1, 1.5d, 1.5f, 'c',
				true, new BigDecimal("1.500"), new BigInteger("12345678901234567890"), new UUID(1, 2),
				Instant.parse("2026-01-02T03:04:05.123456789Z"), LocalDate.of(2026, 1, 2), Duration.ofNanos(1),
				OffsetDateTime.parse("2026-01-02T03:04:05.1+02:00"),
				ZonedDateTime.parse("2026-01-02T03:04:05.1+01:00[Europe/Berlin]"), TimeUnit.DAYS, Locale.GERMANY,
				new Person("Ada", 36, new Address("London", List.of("a", "b"))), new Boxed<>(7L),
				new Boxed<>(new Address("Paris", List.of())), new ArrayList<>(List.of(1L, 2L)), List.of(1, 2L, "3"),
				List.of(), List.of("one"), Set.of("one"), Map.of("a", 1L), new TreeMap<>(Map.of("b", 2, "a", 1)),
				Arrays.asList(1, null), new ArrayList<>(List.of(new Address("Rome", List.of()))),
				new LinkedHashMap<>(Map.of("home", new Address("Oslo", List.of("x")))), new Circle(2),
				new ArrayList<Object>(List.of(new Circle(1), new Square(2))), Level.HIGH, Size.LARGE,
				new ArrayList<>(List.of(Size.LARGE, Size.SMALL)));
	}

	@Test
	void nullComesBack() {
		StoredValue stored = this.codec.encode(null);
		assertThat(stored.isNull()).isTrue();
		assertThat(this.codec.decode(stored)).isNull();
	}

	@Test
	void arraysComeBack() {
		assertThat((byte[]) decoded(new byte[] { 1, 2 })).containsExactly(1, 2);
		assertThat((int[]) decoded(new int[] { 1, 2 })).containsExactly(1, 2);
		assertThat((Address[]) decoded(new Address[] { new Address("Bern", List.of()) }))
			.containsExactly(new Address("Bern", List.of()));
	}

	@Test
	void jsonOfARecordIsPlain() {
		StoredValue stored = this.codec.encode(new Person("Ada", 36, new Address("London", List.of("a"))));
		assertThat(stored.json())
			.isEqualTo("{\"name\":\"Ada\",\"age\":36,\"address\":{\"city\":\"London\",\"lines\":[\"a\"]}}");
		assertThat(stored.type()).isEqualTo(Person.class.getName());
	}

	@Test
	void jsonWhosePropertiesPostgresReorderedIsRead() {
		StoredValue stored = StoredValue.json(
				"[{\"city\": \"Rome\", \"lines\": [], \"@class\": \"" + Address.class.getName() + "\"}]",
				"java.util.ArrayList");
		assertThat(this.codec.decode(stored)).isEqualTo(List.of(new Address("Rome", List.of())));
	}

	@Test
	void unknownPropertiesAreIgnored() {
		StoredValue stored = StoredValue.json("{\"city\":\"Rome\",\"lines\":[],\"added\":1}", Address.class.getName());
		assertThat(this.codec.decode(stored)).isEqualTo(new Address("Rome", List.of()));
	}

	@Test
	void valueOfAnUntrustedTypeIsNotWrittenAndTheMessageNamesTheRemedy() {
		Object untrusted = new com.sun.net.httpserver.Filter.Chain(List.of(), (exchange) -> {
		});
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(untrusted))
			.withMessageContaining("com.sun.net.httpserver.Filter$Chain")
			.withMessageContaining("Add 'com.sun.net.httpserver' to psqache.trusted-packages")
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.UNREADABLE));
	}

	@Test
	void untrustedElementIsNotRead() {
		assertUnreadable(this.codec.encode(new ArrayList<Object>(List.of(new StringBuilder("x")))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "java.lang.ProcessBuilder", "no.such.Class", "io.psqache.NoSuchClass",
			"org.springframework.context.support.ClassPathXmlApplicationContext", "", "\u0000", "[L" })
	void rowOfAHostileTypeIsNotRead(String type) {
		assertUnreadable(StoredValue.json("{}", type));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1", "\"text\"", "{\"city\":{}}", "{\"city\":[[[[[", "1e999999999", "nonsense" })
	void brokenRowIsNotRead(String json) {
		assertUnreadable(
				StoredValue.payload(json.getBytes(java.nio.charset.StandardCharsets.UTF_8), Address.class.getName()));
	}

	@Test
	void hostileElementIsNotRead() {
		assertUnreadable(StoredValue.json(
				"[{\"@class\":\"org.springframework.context.support.ClassPathXmlApplicationContext\"}]",
				"java.util.ArrayList"));
	}

	@Test
	void hostileTypeInAPropertyOfTheApplicationsOwnMakingIsNotRead() {
		assertUnreadable(
				StoredValue.json("{\"star\":{\"kind\":\"java.util.logging.FileHandler\"}}", Zoo.class.getName()));
	}

	@Test
	void collectionOfEnumsThatCannotBeReadBackIsNotWritten() {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(EnumSet.of(Level.LOW)))
			.withMessageContaining("Return a copy of it as an ArrayList, a LinkedHashSet or a LinkedHashMap");
	}

	@Test
	void exceptionOfAConstructorIsContained() {
		assertUnreadable(StoredValue.json("{\"value\":-1}", Positive.class.getName()));
	}

	@Test
	void deepNestingIsNotRead() {
		assertUnreadable(StoredValue.json("[".repeat(100_000) + "]".repeat(100_000), "java.util.ArrayList"));
	}

	private void assertUnreadable(StoredValue stored) {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.decode(stored))
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.UNREADABLE));
	}

	private Object decoded(Object value) {
		Object decoded = this.codec.decode(this.codec.encode(value));
		assertThat(decoded).isNotNull();
		return (decoded != null) ? decoded : value;
	}

	record Zoo(Animal star) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "kind")
	interface Animal {

	}

	record Positive(int value) {

		Positive {
			if (value < 0) {
				throw new IllegalStateException("negative");
			}
		}

	}

	enum Size {

		SMALL, LARGE;

		@Override
		public String toString() {
			return "size";
		}

	}

	record Person(String name, int age, Address address) {

	}

	record Address(String city, List<String> lines) {

	}

	record Boxed<T>(@Nullable T content) {

	}

	interface Shape {

	}

	record Circle(int radius) implements Shape {

	}

	record Square(int side) implements Shape {

	}

	enum Level {

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

}
