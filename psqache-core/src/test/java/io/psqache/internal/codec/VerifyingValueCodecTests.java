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
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
import static org.assertj.core.api.Assertions.assertThatNoException;

class VerifyingValueCodecTests {

	private final ValueCodec codec = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null, List.of(),
			List.of(), true)
		.codec("books", Storage.JSONB, null);

	@ParameterizedTest
	@MethodSource("sameValues")
	void valueThatIsRestoredUnchangedIsStored(Object value) {
		assertThatNoException().isThrownBy(() -> this.codec.encode(value));
	}

	static Stream<Object> sameValues() {
		return Stream.of("text", 1L, List.of("a"), new int[] { 1, 2 }, new String[][] { { "a" }, {} },
				new Page(new byte[] { 1, 2 }, List.of(new byte[] { 3 })), new Plain("a"), List.of(new Plain("a")),
				new ArrayList<>(List.of(new Page(new byte[0], List.of()))), Set.of(new Plain("a"), new Plain("b")),
				Map.of("a", new Plain("b")), Optional.of("a"), new ArrayDeque<>(List.of("a", "b")));
	}

	@Test
	void cachedNullIsStored() {
		assertThat(this.codec.encode(null).isNull()).isTrue();
	}

	@Test
	void storedValueCanBeRead() {
		assertThat(this.codec.decode(this.codec.encode("text"))).isEqualTo("text");
	}

	@Test
	void changedValueIsRefusedWithItsDifferences() {
		assertThatExceptionOfType(RoundTripException.class)
			.isThrownBy(() -> this.codec.encode(List.of(new Book("Dune", new Price(BigDecimal.ZERO)))))
			.withMessageStartingWith("A value of cache 'books' is not read back as it was put: $[0].price.amount was a "
					+ "java.math.BigDecimal and is read back as a java.math.BigDecimal. "
					+ "Differences in JSON: $[0].price.amount: 1 -> 2. ")
			.withMessageContaining("psqache.verify-round-trip");
	}

	@Test
	void lossThatJsonOmitsIsFound() {
		assertThatExceptionOfType(RoundTripException.class)
			.isThrownBy(() -> this.codec.encode(new Forgetful("kept", "lost")))
			.withMessageContaining(
					"$.lost was a java.lang.String and is read back as null. The JSON of both is the same");
	}

	@Test
	void changedKeyClassIsFound() {
		assertThatExceptionOfType(RoundTripException.class)
			.isThrownBy(() -> this.codec.encode(new LinkedHashMap<>(Map.of(new Plain("key"), 2))))
			.withMessageContaining("books");
	}

	@Test
	void messageIsBounded() {
		List<Price> prices = Stream.generate(() -> new Price(BigDecimal.TEN.pow(300))).limit(20).toList();
		assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> this.codec.encode(prices))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(2_500)
				.contains("$[4].amount: ")
				.doesNotContain("$[5].amount: "));
	}

	@Test
	void valueThatCannotBeEncodedFails() {
		assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> this.codec.encode(new Thread()))
			.withMessageStartingWith(
					"A value of cache 'books' cannot be stored and read back. A value of java.lang.Thread")
			.withCauseInstanceOf(StoreException.class);
	}

	@Test
	void valueThatCannotBeDecodedFails() {
		assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> this.codec.encode(new Locked("text")))
			.withMessageContaining(Locked.class.getName())
			.withCauseInstanceOf(StoreException.class);
	}

	@Test
	void codecOfTheApplicationIsVerifiedToo() {
		ValueCodec codec = new ValueCodecs(new TrustedTypes(List.of()), null, List.of(), List.of(new Trimming()), true)
			.codec("books", Storage.JSONB, null);
		assertThatNoException().isThrownBy(() -> codec.encode("text"));
		assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> codec.encode(" text"))
			.withMessageContaining("Differences in JSON: $: \" text\" -> \"text\".");
	}

	/**
	 * No field is lost, and {@code equals} ignores the name.
	 */
	@Test
	void changedContentIsFoundAsInProduction() {
		Titled value = new Titled(1, "Ada");
		assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> this.codec.encode(value))
			.withMessageStartingWith(
					"A value of cache 'books' is not read back as it was put: $ is read back with different content. "
							+ "Differences in JSON: $.name: \"Dr. Ada\" -> \"Dr. Dr. Ada\". ");
		assertThatExceptionOfType(RoundTripException.class)
			.isThrownBy(() -> this.codec.encode(new ArrayList<>(List.of(value))))
			.withMessageContaining("$[0].name: ");
		ValueCodec production = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null).codec("books",
				Storage.JSONB, null);
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> production.encode(value))
			.withMessageContaining("a hit would return different content");
	}

	@Test
	void valueThatCannotBeComparedFails() {
		ValueCodec codec = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null, List.of(),
				List.of(new Counting()), true)
			.codec("books", Storage.JSONB, null);
		assertThatNoException().isThrownBy(() -> codec.encode(Chain.of(10)));
		assertThatExceptionOfType(RoundTripException.class).isThrownBy(() -> codec.encode(Chain.of(1_000_000)))
			.withMessageStartingWith("A value of cache 'books' cannot be compared with the value that is read back: ")
			.withCauseInstanceOf(StackOverflowError.class);
	}

	record Book(String title, Price price) {

	}

	record Price(BigDecimal amount) {

		Price {
			amount = amount.add(BigDecimal.ONE);
		}

		@Override
		public BigDecimal amount() {
			return this.amount;
		}

	}

	@SuppressWarnings("ArrayRecordComponent")
	record Page(byte[] text, List<byte[]> pictures) {

	}

	record Forgetful(String kept, @JsonIgnore @Nullable String lost) {

	}

	/**
	 * A class without {@code equals}.
	 */
	static final class Plain {

		private String text = "";

		Plain() {
		}

		Plain(String text) {
			this.text = text;
		}

		public String getText() {
			return this.text;
		}

		public void setText(String text) {
			this.text = text;
		}

	}

	static final class Locked {

		private final String text;

		private Locked(String text) {
			this.text = text;
		}

		public String getText() {
			return this.text;
		}

	}

	static final class Titled {

		private long id;

		private String name = "";

		Titled() {
		}

		Titled(long id, String name) {
			this.id = id;
			this.name = name;
		}

		public long getId() {
			return this.id;
		}

		public void setId(long id) {
			this.id = id;
		}

		public String getName() {
			return "Dr. " + this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Titled titled && titled.id == this.id;
		}

		@Override
		public int hashCode() {
			return Long.hashCode(this.id);
		}

	}

	/**
	 * A chain that is too deep for a recursive comparison.
	 */
	static final class Chain {

		private @Nullable Chain next;

		static Chain of(int length) {
			Chain first = new Chain();
			for (int i = 1; i < length; i++) {
				Chain chain = new Chain();
				chain.next = first;
				first = chain;
			}
			return first;
		}

		int length() {
			int length = 1;
			for (Chain chain = this.next; chain != null; chain = chain.next) {
				length++;
			}
			return length;
		}

	}

	static final class Counting implements CacheValueCodec {

		@Override
		public boolean supports(String cacheName) {
			return true;
		}

		@Override
		public byte[] encode(Object value) {
			return Integer.toString(((Chain) value).length()).getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public Object decode(byte[] stored) {
			return Chain.of(Integer.parseInt(new String(stored, StandardCharsets.UTF_8)));
		}

	}

	static final class Trimming extends CustomValueCodecTests.Reversing {

		@Override
		public boolean supports(String cacheName) {
			return true;
		}

		@Override
		public byte[] encode(Object value) {
			return super.encode(((String) value).trim());
		}

	}

}
