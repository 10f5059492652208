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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import io.psqache.CacheValueCodec;
import io.psqache.FailureCause;
import io.psqache.Storage;
import io.psqache.StoreException;
import io.psqache.internal.store.StoredValue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Codecs of the application replace the JSON codec.
 */
class CustomValueCodecTests {

	private final ValueCodec codec = codec(new Reversing());

	private final ValueCodec json = codec();

	@Test
	void valueIsEncodedByTheCodec() {
		StoredValue stored = this.codec.encode("abc");
		assertThat(stored.payload()).asString(StandardCharsets.UTF_8).isEqualTo("cba");
		assertThat(stored.type()).isEqualTo("codec:" + Reversing.class.getName());
		assertThat(this.codec.decode(stored)).isEqualTo("abc");
	}

	@Test
	void codecReceivesNoNull() {
		assertThat(this.codec.encode(null)).isSameAs(StoredValue.NULL);
		assertThat(this.codec.decode(StoredValue.NULL)).isNull();
	}

	@Test
	void otherCachesUseJson() {
		ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of()), null, List.of(), List.of(new Reversing()),
				false);
		assertThat(codecs.codec("others", Storage.JSONB, null).encode("abc").json()).isEqualTo("\"abc\"");
	}

	@Test
	void entryOfAnotherCodecIsUnreadable() {
		assertUnreadable(() -> this.codec.decode(this.json.encode("abc")), "did not write.");
		assertUnreadable(() -> this.codec.decode(StoredValue.payload(new byte[] { 'a' }, "java.lang.String")),
				"did not write.");
		assertUnreadable(() -> this.codec.decode(codec(new Failing()).encode("abc")), "did not write.");
		assertUnreadable(() -> this.json.decode(this.codec.encode("abc")),
				"this version does not support its storage format");
	}

	@Test
	void failureOfTheCodecIsUnreadableWithoutItsMessage() {
		ValueCodec failing = codec(new Failing());
		assertUnreadable(() -> failing.encode(1),
				"A value of java.lang.Integer is not cached: " + Failing.class.getName() + " cannot encode it.");
		assertUnreadable(() -> failing.encode(""), Failing.class.getName() + " cannot encode it.");
		assertUnreadable(() -> failing.decode(failing.encode("abc")), Failing.class.getName() + " cannot decode it.");
		assertUnreadable(() -> failing.decode(failing.encode("null")), Failing.class.getName() + " decodes it to null");
	}

	@Test
	void twoCodecsOfOneCacheAreRefusedByName() {
		assertThatIllegalStateException().isThrownBy(() -> codec(new Reversing(), new Failing()))
			.withMessage("Cache 'secrets' has no codec, because more than one CacheValueCodec supports it: ["
					+ Reversing.class.getName() + ", " + Failing.class.getName()
					+ "]. Have all but one answer false to supports(\"secrets\").");
	}

	private static ValueCodec codec(CacheValueCodec... custom) {
		return new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null, List.of(), List.of(custom), false)
			.codec("secrets", Storage.JSONB, null);
	}

	private static void assertUnreadable(ThrowingCallable call, String message) {
		assertThatExceptionOfType(StoreException.class).isThrownBy(call)
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.UNREADABLE))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("sesame"));
	}

	static class Reversing implements CacheValueCodec {

		@Override
		public boolean supports(String cacheName) {
			return cacheName.equals("secrets");
		}

		@Override
		public byte[] encode(Object value) {
			return new StringBuilder((String) value).reverse().toString().getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public Object decode(byte[] stored) {
			return new StringBuilder(new String(stored, StandardCharsets.UTF_8)).reverse().toString();
		}

	}

	static final class Failing extends Reversing {

		@Override
		@SuppressWarnings("NullAway")
		public byte[] encode(Object value) {
			return Objects.equals(value, "") ? null : super.encode(value);
		}

		@Override
		@SuppressWarnings("NullAway")
		public Object decode(byte[] stored) {
			if (stored.length == 4) {
				return null;
			}
			throw new IllegalArgumentException("sesame");
		}

	}

}
