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
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.psqache.RoundTripException;
import io.psqache.Storage;
import io.psqache.StoreException;
import io.psqache.internal.codec.Kinds.Address;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.SliceImpl;
import org.springframework.http.ResponseEntity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * A value that would lose content is not stored, and the message names the lost part.
 */
class LossesTests {

	private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);

	private final ValueCodec codec = this.codecs.codec("test", Storage.JSONB, null);

	private final ValueCodec verifying = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null, List.of(),
			List.of(), true)
		.codec("test", Storage.JSONB, null);

	@ParameterizedTest(name = "{1}")
	@MethodSource("losing")
	void valueThatLosesContentIsNotStored(Object value, String lost) {
		for (Object whole : List.of(value, new ArrayList<>(List.of(value)), new Holder(value), Optional.of(value),
				Map.of("k", value), new PageImpl<>(List.of(value)),
				new SliceImpl<>(List.of(value), Pageable.ofSize(1), true), ResponseEntity.ok(value),
				ResponseEntity.ok(new PageImpl<>(List.of(value))))) {
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(whole))
				.withMessageContaining(value.getClass().getName() + "." + lost);
			assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> this.verifying.encode(whole))
				.withMessageContaining(lost);
		}
	}

	static Stream<Arguments> losing() {
		return Stream.of(Arguments.of(new Minutes(TIME), "at"),
				Arguments.of(new Amount(BigDecimal.ONE, "EUR"), "currency"),
				Arguments.of(new Login("ada", "secret"), "password"),
				Arguments.of(new PlainLogin("ada", "secret"), "password"),
				Arguments.of(new Entity(1L, "secret"), "password"), Arguments.of(new Hidden("ada", 7), "logins"),
				Arguments.of(new PlainHidden("ada", 7), "logins"), Arguments.of(new WriteOnly("ada", "x"), "token"),
				Arguments.of(new Present(List.of(), "a"), "tags"), Arguments.of(new Ignoring("a", 1), "count"),
				Arguments.of(new Transient("ada", "covered"), "nickname"),
				Arguments.of(new Named(List.of(1), "mine"), "owner"), Arguments.of(new Rounded(1.25), "value"),
				Arguments.of(new Matching(Pattern.compile("a", Pattern.CASE_INSENSITIVE)), "pattern"),
				Arguments.of(new Permits(3), "permits"), Arguments.of(new Stamped("ada", LocalDate.MAX), "format"));
	}

	@ParameterizedTest
	@MethodSource("keeping")
	void valueThatLosesNothingIsStored(Object value) {
		assertThatNoException().isThrownBy(() -> this.codec.encode(value));
		assertThatNoException().isThrownBy(() -> this.verifying.encode(value));
	}

	static Stream<Object> keeping() {
		return Stream.of(new Plain("a", new Plain("b", null)), new Derived("a"),
				new Identities(List.of(new Plain("a", null))), new Marked("a", new Object()), new Entity(1L, null),
				new Summary(List.of(new Plain("a", null))), new Matching(Pattern.compile("a.*")), new Tools("a"));
	}

	/**
	 * {@code URL.equals} would look up the hosts.
	 */
	@Test
	void hostOfUrlIsNotLookedUp() throws MalformedURLException {
		CountingHandler handler = new CountingHandler();
		URL url = new URL(null, "http://no-such-host.invalid/x", handler);
		for (Object value : List.of(new Link(url), new Links(List.of(new Link(url))), new Holder(new Link(url)))) {
			assertThatNoException().isThrownBy(() -> this.codec.encode(value));
			assertThatNoException().isThrownBy(() -> this.verifying.encode(value));
		}
		assertThat(handler.lookups).isZero();
	}

	@Test
	void changedUrlIsFound() throws MalformedURLException {
		assertRefused(new Moved(new URL("http://localhost/x")));
	}

	@Test
	void remedyForTransientFieldIsNotTransient() {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(new Transient("a", "b")))
			.withMessageContaining("Transient.nickname")
			.withMessageContaining("equals")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("Declare the field transient"));
	}

	/**
	 * All accessible fields of this value are restored.
	 */
	@Test
	void valueThatNeverEqualsIsNotStored() {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(new Never("a")))
			.withMessageContaining(Never.class.getName())
			.withMessageContaining("equals");
	}

	@Test
	void messageContainsRemedyButNoValue() {
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> this.codec.encode(Map.of("key", new Login("ada", "secret"))))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("key")
				.doesNotContain("ada")
				.doesNotContain("secret")
				.contains("Login.password would be read back as null")
				.contains("@JsonIgnore")
				.contains("transient"));
	}

	/**
	 * The first value has no content to lose.
	 */
	@Test
	void laterValuesOfTypeAreVerified() {
		StoredValue stored = this.codec.encode(new Login("ada", null));
		assertThat(this.codec.decode(stored)).isEqualTo(new Login("ada", null));
		assertRefused(new Login("ada", "secret"));
	}

	@Test
	void afterOneLossEachValueOfTypeIsVerified() {
		assertRefused(new Minutes(TIME));
		for (int i = 0; i < 100; i++) {
			this.codec.encode(new Minutes(TIME.withSecond(0)));
			assertRefused(new Minutes(TIME));
		}
	}

	@Test
	void emptyContainersDoNotCountAsVerified() {
		for (int i = 0; i < 100; i++) {
			this.codec.encode(new ArrayList<>());
		}
		assertRefused(new ArrayList<>(List.of(new Login("ada", "secret"))));
	}

	@Test
	void primitiveArraysAreComparedDirectly() {
		byte[] bytes = new byte[1_000_000];
		bytes[999_999] = 1;
		assertThat((byte[]) Objects.requireNonNull(this.verifying.decode(this.verifying.encode(bytes))))
			.isEqualTo(bytes);
	}

	private void assertRefused(Object value) {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(value));
	}

	record Holder(Object value) {

	}

	record Minutes(@JsonFormat(pattern = "yyyy-MM-dd HH:mm") LocalDateTime at) {

	}

	record Amount(@JsonValue BigDecimal amount, @Nullable String currency) {

		@JsonCreator
		static Amount of(BigDecimal amount) {
			return new Amount(amount, null);
		}

	}

	record Login(String name, @JsonIgnore @Nullable String password) {

	}

	@JsonIgnoreProperties("count")
	record Ignoring(String name, int count) {

	}

	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	record Present(@Nullable List<String> tags, String name) {

	}

	/**
	 * A class without {@code equals}.
	 */
	static class PlainLogin {

		public String name = "";

		@JsonIgnore
		public @Nullable String password;

		PlainLogin() {
		}

		PlainLogin(String name, String password) {
			this.name = name;
			this.password = password;
		}

	}

	/**
	 * An entity that compares only its identifier.
	 */
	static class Entity {

		private @Nullable Long id;

		@JsonIgnore
		private @Nullable String password;

		Entity() {
		}

		Entity(Long id, @Nullable String password) {
			this.id = id;
			this.password = password;
		}

		public @Nullable Long getId() {
			return this.id;
		}

		public void setId(Long id) {
			this.id = id;
		}

		public @Nullable String getPassword() {
			return this.password;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Entity entity && Objects.equals(entity.id, this.id);
		}

		@Override
		public int hashCode() {
			return Objects.hashCode(this.id);
		}

	}

	/**
	 * A class with state that no getter exposes.
	 */
	static class PlainHidden {

		public String name = "";

		private int logins;

		PlainHidden() {
		}

		PlainHidden(String name, int logins) {
			this.name = name;
			this.logins = logins;
		}

		int logins() {
			return this.logins;
		}

	}

	static final class Hidden {

		public String name = "";

		private int logins;

		Hidden() {
		}

		Hidden(String name, int logins) {
			this.name = name;
			this.logins = logins;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Hidden hidden && hidden.name.equals(this.name) && hidden.logins == this.logins;
		}

		@Override
		public int hashCode() {
			return this.logins;
		}

	}

	static class WriteOnly {

		public String name = "";

		@JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
		public @Nullable String token;

		WriteOnly() {
		}

		WriteOnly(String name, String token) {
			this.name = name;
			this.token = token;
		}

	}

	/**
	 * A class whose {@code equals} compares a transient field.
	 */
	static final class Transient {

		public String name = "";

		private transient @Nullable String nickname;

		Transient() {
		}

		Transient(String name, String nickname) {
			this.name = name;
			this.nickname = nickname;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Transient that && that.name.equals(this.name)
					&& Objects.equals(that.nickname, this.nickname);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

	@SuppressWarnings("serial")
	static final class Named extends ArrayList<Integer> {

		private @Nullable String owner;

		Named() {
		}

		Named(List<Integer> elements, String owner) {
			super(elements);
			this.owner = owner;
		}

		@Nullable String owner() {
			return this.owner;
		}

	}

	/**
	 * A class that rounds the value when it is read.
	 */
	record Rounded(double value) {

		@JsonCreator
		static Rounded of(@JsonProperty("value") double value) {
			return new Rounded(Math.floor(value));
		}

	}

	static class Plain {

		public String text = "";

		public @Nullable Plain next;

		Plain() {
		}

		Plain(String text, @Nullable Plain next) {
			this.text = text;
			this.next = next;
		}

	}

	/**
	 * A class that derives and stores state for which it has no setter.
	 */
	static class Derived {

		private String text = "";

		private @Nullable String upper;

		private final transient Set<String> seen = Set.of("x");

		Derived() {
		}

		Derived(String text) {
			this.text = text;
		}

		public String getText() {
			return this.text;
		}

		public void setText(String text) {
			this.text = text;
		}

		public int getSeen() {
			return this.seen.size();
		}

		public String getUpper() {
			String known = this.upper;
			if (known == null) {
				known = this.text.toUpperCase(java.util.Locale.ROOT);
				this.upper = known;
			}
			return known;
		}

	}

	/**
	 * Two instances are never equal, because their elements are not.
	 */
	record Identities(List<Plain> elements) {

	}

	/**
	 * A class that stores state derived from parts that are equal only to themselves.
	 */
	static final class Summary {

		public List<Plain> parts = List.of();

		private transient @Nullable String memo;

		Summary() {
		}

		Summary(List<Plain> parts) {
			this.parts = parts;
			this.memo = parts.size() + " parts";
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Summary summary && summary.parts.equals(this.parts);
		}

		@Override
		public int hashCode() {
			return this.parts.hashCode();
		}

		@Nullable String memo() {
			return this.memo;
		}

	}

	record Matching(Pattern pattern) {

	}

	/**
	 * A class whose default constructor creates another number of permits.
	 */
	static class Permits {

		private Semaphore permits = new Semaphore(1);

		Permits() {
		}

		Permits(int permits) {
			this.permits = new Semaphore(permits);
		}

		public boolean isFree() {
			return this.permits.availablePermits() > 0;
		}

	}

	static class Stamped {

		public String name = "";

		private DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy");

		Stamped() {
		}

		Stamped(String name, LocalDate day) {
			this.name = name;
			this.format = DateTimeFormatter.ofPattern("'" + day + "'");
		}

		String text(LocalDate day) {
			return this.format.format(day);
		}

	}

	/**
	 * A class with state that is invisible to callers, or that every constructor creates
	 * equally.
	 */
	static class Tools {

		public String text = "";

		final Random random = new Random();

		final ReadWriteLock lock = new ReentrantReadWriteLock();

		final ThreadLocal<String> local = new ThreadLocal<>();

		final DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy", Locale.GERMANY);

		final AtomicLong count = new AtomicLong();

		Tools() {
		}

		Tools(String text) {
			this.text = text;
		}

	}

	@SuppressWarnings("URLEqualsHashCode") // Applications do this.
	record Link(URL url) {

	}

	record Links(List<Link> links) {

	}

	@SuppressWarnings("URLEqualsHashCode") // Applications do this.
	record Moved(URL url) {

		@JsonCreator
		static Moved of(@JsonProperty("url") String url) throws MalformedURLException {
			return new Moved(new URL(url + "/moved"));
		}

	}

	static final class CountingHandler extends URLStreamHandler {

		private int lookups;

		@Override
		protected URLConnection openConnection(URL url) {
			throw new UnsupportedOperationException();
		}

		@Override
		protected @Nullable InetAddress getHostAddress(URL url) {
			this.lookups++;
			return null;
		}

	}

	static final class Never {

		public String text = "";

		Never() {
		}

		Never(String text) {
			this.text = text;
		}

		@Override
		@SuppressWarnings("EqualsHashCode")
		public boolean equals(@Nullable Object other) {
			return this == other;
		}

		@Override
		public int hashCode() {
			return this.text.hashCode();
		}

	}

	static class Marked {

		public String text = "";

		private Object lock = new Object();

		Marked() {
		}

		Marked(String text, Object lock) {
			this.text = text;
			this.lock = lock;
		}

		boolean isLocked() {
			return Thread.holdsLock(this.lock);
		}

	}

	/**
	 * Equal addresses have the same stored form, so no part is lost.
	 */
	@Test
	void listOfEqualElementsIsStored() {
		assertThat(this.codec.encode(new ArrayList<>(List.of(new Address("Rome", List.of())))).json())
			.contains("\"city\":\"Rome\"");
	}

}
