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

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Stream;

import io.psqache.Storage;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PGobject;

import org.springframework.core.ResolvableType;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Slice;
import org.springframework.data.domain.SliceImpl;
import org.springframework.data.domain.Sort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The value types of JDBC and of Spring's libraries are restored without a module of the
 * application.
 */
@SuppressWarnings({ "JavaUtilDate", "deprecation" }) // Rows contain these dates.
class LibraryTypesTests {

	private static final Sort SORT = Sort.by(Sort.Order.asc("name"),
			Sort.Order.desc("born").ignoreCase().with(Sort.NullHandling.NULLS_LAST));

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);

	@ParameterizedTest
	@MethodSource("values")
	void valueIsRestored(Object value) {
		assertRestored(value, null);
		assertRestored(value, value.getClass());
	}

	@ParameterizedTest
	@MethodSource("values")
	void nestedValueIsRestored(Object value) {
		assertRestored(new ArrayList<>(List.of(value, "text")), null);
		assertRestored(new LinkedHashMap<>(Map.of("part", value)), null);
		assertRestored(new Holder(value), null);
		assertRestored(new PageImpl<>(List.of(value), PageRequest.of(0, 10), 1), null);
	}

	static Stream<Object> values() {
		return Stream.of(pages(), dates(), responses()).flatMap((values) -> values);
	}

	private static Stream<Object> pages() {
		PageRequest second = PageRequest.of(1, 2, SORT);
		return Stream.of(SORT, Sort.unsorted(), SORT.getOrderFor("born"), second, PageRequest.ofSize(7),
				Pageable.unpaged(), Pageable.unpaged(SORT), Page.empty(), Page.empty(second),
				new PageImpl<>(List.of("a", "b"), second, 5), new PageImpl<>(List.of(1L, 2L)),
				new PageImpl<>(List.of(new Vet("Carter", 3))), new SliceImpl<>(List.of("a"), second, true),
				new SliceImpl<>(List.of(new BigDecimal("1.50"))));
	}

	private static Stream<Object> dates() {
		return Stream.of(Timestamp.valueOf("2026-01-02 03:04:05.123456789"), Timestamp.valueOf("2026-01-02 03:04:05"),
				new Timestamp(-1), Timestamp.valueOf("0001-01-01 00:00:00"), new Timestamp(9223372036825200000L),
				Timestamp.from(Instant.ofEpochSecond(-62_135_596_801L, 999_999_999)), Date.valueOf("2026-01-02"),
				Date.valueOf("0900-02-28"), new Date(1_700_000_000_123L), new Date(9223372036825200000L),
				Time.valueOf("10:15:30"), new Time(Time.valueOf("10:15:30").getTime() + 123),
				new Time(1_700_000_000_123L));
	}

	private static Stream<Object> responses() {
		HttpHeaders headers = new HttpHeaders();
		headers.add("X-Many", "1");
		headers.add("X-Many", "2");
		headers.setETag("\"7\"");
		return Stream.of(ResponseEntity.ok(new Vet("Carter", 3)), ResponseEntity.ok().headers(headers).body("text"),
				ResponseEntity.noContent().build(), ResponseEntity.status(499).body(List.of(1, 2)),
				new ResponseEntity<>("read-only", HttpHeaders.readOnlyHttpHeaders(headers), HttpStatus.NOT_FOUND),
				headers);
	}

	@Test
	void elementTypesOfDeclaredTypeAreUsed() {
		Vet vet = new Vet("Carter", 3);
		Page<Vet> page = new PageImpl<>(List.of(vet), PageRequest.of(0, 1, SORT), 3);
		StoredValue stored = assertRestored(page, type(Page.class, Vet.class));
		assertThat(stored.type()).isEqualTo("v1,tagged " + PageImpl.class.getName() + "<" + Vet.class.getName() + ">");
		assertThat(stored.json()).contains("\"total\":3");
		assertRestored(page, type(Slice.class, Vet.class));
		assertRestored(page, type(Iterable.class, Vet.class));
		assertRestored(ResponseEntity.ok(vet), type(ResponseEntity.class, Vet.class));
	}

	@Test
	void readOnlyHeadersStayReadOnly() {
		ResponseEntity<String> response = new ResponseEntity<>("a", new HttpHeaders(), HttpStatusCode.valueOf(200));
		assertThat(restored(response, null).getHeaders().getClass()).isEqualTo(HttpHeaders.class);
		ResponseEntity<String> readOnly = new ResponseEntity<>("a", HttpHeaders.EMPTY, HttpStatusCode.valueOf(200));
		assertThat(restored(readOnly, null).getHeaders().getClass()).isEqualTo(HttpHeaders.EMPTY.getClass());
	}

	/**
	 * Two users with the same name are equal, so all properties are compared.
	 */
	@Test
	void userIsRestoredWithAllProperties() {
		User locked = new User("ann", "{bcrypt}secret", false, true, false, true,
				List.of(new SimpleGrantedAuthority("ROLE_B"), new SimpleGrantedAuthority("ROLE_A")));
		User erased = new User("bob", "secret", List.of());
		erased.eraseCredentials();
		for (User user : List.of(locked, erased)) {
			for (@Nullable
			Type declared : Arrays.<@Nullable Type>asList(null, User.class, UserDetails.class)) {
				User restored = restored(user, declared);
				assertThat(restored).isEqualTo(user).hasSameClassAs(user);
				assertThat(restored).usingRecursiveComparison().isEqualTo(user);
				assertThat(restored.getPassword()).isEqualTo(user.getPassword());
				assertThat(restored.isEnabled()).isEqualTo(user.isEnabled());
				assertThat(restored.isCredentialsNonExpired()).isEqualTo(user.isCredentialsNonExpired());
				assertThat(restored.getAuthorities()).containsExactlyElementsOf(user.getAuthorities());
			}
		}
	}

	@Test
	void dateAndTimeAreTheSameInAnotherTimeZone() {
		TimeZone zone = TimeZone.getDefault();
		try {
			TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
			ValueCodec codec = this.codecs.codec("test", Storage.JSONB, null);
			StoredValue date = codec.encode(Date.valueOf("2026-01-02"));
			StoredValue time = codec.encode(Time.valueOf("10:15:30"));
			StoredValue timestamp = codec.encode(new Timestamp(1_700_000_000_123L));
			TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
			assertThat(codec.decode(date)).isEqualTo(Date.valueOf("2026-01-02"));
			assertThat(codec.decode(time)).isEqualTo(Time.valueOf("10:15:30"));
			assertThat(codec.decode(timestamp)).isEqualTo(new Timestamp(1_700_000_000_123L));
			assertThat(date.json()).isEqualTo("\"2026-01-02\"");
		}
		finally {
			TimeZone.setDefault(zone);
		}
	}

	@Test
	void jdbcRowIsRestoredWithItsColumns() throws SQLException {
		PGobject json = new PGobject();
		json.setType("jsonb");
		json.setValue("{\"a\": 1}");
		Map<String, @Nullable Object> row = new LinkedHashMap<>();
		row.put("id", UUID.fromString("00000000-0000-0001-0000-000000000002"));
		row.put("price", new BigDecimal("12.30"));
		row.put("changed", Timestamp.valueOf("2026-01-02 03:04:05.123456"));
		row.put("born", Date.valueOf("2026-01-02"));
		row.put("opens", Time.valueOf("08:00:00"));
		row.put("detail", json);
		row.put("nothing", null);
		assertRestored(new ArrayList<>(List.of(row)), null);
		assertRestored(row, null);
	}

	private StoredValue assertRestored(Object value, @Nullable Type declared) {
		for (Storage storage : Storage.values()) {
			ValueCodec codec = this.codecs.codec("test", storage, declared);
			Object restored = Objects.requireNonNull(codec.decode(codec.encode(value)));
			assertThat(restored).isEqualTo(value).hasSameClassAs(value);
			assertThat(value).isEqualTo(restored);
		}
		return this.codecs.codec("test", Storage.JSONB, declared).encode(value);
	}

	@SuppressWarnings("unchecked")
	private <T> T restored(T value, @Nullable Type declared) {
		ValueCodec codec = this.codecs.codec("test", Storage.JSONB, declared);
		return (T) Objects.requireNonNull(codec.decode(codec.encode(value)));
	}

	private static Type type(Class<?> raw, Class<?> argument) {
		return ResolvableType.forClassWithGenerics(raw, argument).getType();
	}

	record Vet(String name, int years) {

	}

	record Holder(Object held) {

	}

}
