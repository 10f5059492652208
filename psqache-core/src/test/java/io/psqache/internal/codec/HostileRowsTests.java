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
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.psqache.FailureCause;
import io.psqache.Storage;
import io.psqache.StoreException;
import io.psqache.hostile.Gadget;
import io.psqache.internal.codec.Kinds.Address;
import io.psqache.internal.codec.Kinds.Shape;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Rows of an attacker are unreadable, and execute no code.
 */
@Timeout(20)
class HostileRowsTests {

	/**
	 * The name of the class; a class literal would initialize the class.
	 */
	private static final String GADGET = Gadget.class.getName();

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache.codec")), null);

	private final ValueCodec codec = this.codecs.codec("test", Storage.JSONB, null);

	@AfterEach
	void noCodeIsExecuted() {
		assertThat(System.getProperty("psqache.test.gadget")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\u0000", "null", "v1", "v1 ", "v1  ", "v2 java.lang.String",
			"v1,new java.lang.String", "java.lang.String", "v1 no.such.Class", "v1 io.psqache.codec.NoSuchClass",
			"v1 java.lang.ProcessBuilder", "v1 java.lang.Runtime", "v1 java.net.URL", "v1 java.lang.Class",
			"v1 java.lang.Thread", "v1 com.sun.rowset.JdbcRowSetImpl", "v1 javax.swing.JEditorPane",
			"v1 javax.script.ScriptEngineManager",
			"v1 org.springframework.context.support.ClassPathXmlApplicationContext",
			"v1 com.zaxxer.hikari.HikariDataSource", "v1 java.util.logging.FileHandler", "v1 io.psqache.hostile.Gadget",
			"v1 [Lio.psqache.hostile.Gadget;", "v1 [[Lio.psqache.hostile.Gadget;",
			"v1 java.util.ArrayList<io.psqache.hostile.Gadget>", "v1 java.util.ArrayList<[Lio.psqache.hostile.Gadget;>",
			"v1 java.util.HashMap<java.lang.String,java.util.List<io.psqache.hostile.Gadget>>",
			"v1 io.psqache.internal.codec.Kinds$Boxed<io.psqache.hostile.Gadget>",
			"v1 java.util.EnumSet<io.psqache.hostile.Gadget>", "v1,tagged io.psqache.hostile.Gadget",
			"v1 java.util.ArrayList<", "v1 java.util.ArrayList<<", "v1 java.util.ArrayList>",
			"v1 java.util.ArrayList<java.lang.String", "v1 java.util.ArrayList<java.lang.String>>",
			"v1 java.util.ArrayList<java.lang.String,java.lang.String>", "v1 java.lang.String<java.lang.String>",
			"v1 [L", "v1 [", "v1 int", "v1 java.util.EnumSet", "v1 java.util.EnumMap", "v1 java.lang.Enum",
			"v1 java.lang.Object<>", "v1 io/psqache/internal/codec/Kinds", "v1 ../../etc/passwd" })
	void rowOfAHostileTypeIsNotRead(String type) {
		assertUnreadable("{\"a\":[1]}", type);
	}

	@Test
	void incompleteTypeIsNotRead() {
		assertUnreadable("[]", "v1 " + "java.util.ArrayList<".repeat(1_000_000));
		assertUnreadable("[]", "v1 " + "[".repeat(300) + "I");
		assertUnreadable("[]", "v1 java.util.ArrayList<" + "java.lang.String,".repeat(500));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1", "\"text\"", "{\"city\":{}}", "{\"city\":[[[[[", "1e999999999", "nonsense", "", " ",
			"null", "{\"city\":\"a\"}{}", "{\"city\":\"a\"} x", "[]", "true", "{\"lines\":{\"a\":1}}",
			"{\"lines\":\"a\"}", "{\"city\":\"\\ud", "{'city':'a'}", "{city:1}", "\u0000", "{\"city\":\"a\",}" })
	void brokenRowIsNotRead(String json) {
		assertUnreadable(json, "v1 " + Address.class.getName());
		assertUnreadable(json, "v1,tagged " + Address.class.getName());
		assertUnreadable(json, "v1,escaped " + Address.class.getName());
	}

	@Test
	void bytesThatAreNotUtf8AreNotRead() {
		StoredValue stored = StoredValue.payload(new byte[] { (byte) 0xc3, 0x28, (byte) 0xff }, "v1 java.lang.String");
		assertUnreadable(stored);
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.sun.rowset.JdbcRowSetImpl", "javax.swing.JEditorPane", "java.lang.ProcessBuilder",
			"java.net.URL", "org.springframework.context.support.ClassPathXmlApplicationContext",
			"org.springframework.beans.factory.config.PropertyPathFactoryBean", "java.util.logging.FileHandler",
			"com.zaxxer.hikari.HikariConfig", "io.psqache.hostile.Gadget",
			"java.util.ArrayList<io.psqache.hostile.Gadget>", "[Lio.psqache.hostile.Gadget;", "java.lang.Class",
			"java.util.HashMap<java.lang.String,io.psqache.hostile.Gadget>", "no.such.Class", "" })
	void nestedHostileClassIsNotRead(String name) {
		String tagged = "{\"a\":1,\"@class\":\"" + name + "\"}";
		assertUnreadable("[" + tagged + "]", "v1,tagged java.util.ArrayList");
		assertUnreadable("[{\"@class\":\"" + name + "\",\"@content\":[1]}]", "v1,tagged java.util.ArrayList");
		assertUnreadable("{\"content\":" + tagged + "}", "v1,tagged " + Kinds.Boxed.class.getName());
		assertUnreadable("{\"main\":" + tagged + "}", "v1,tagged " + Kinds.Drawing.class.getName());
		assertUnreadable("{\"star\":" + tagged.replace("@class", "kind") + "}", "v1 " + Zoo.class.getName());
		assertUnreadable("{\"one\":" + tagged + "}", "v1,tagged " + Kinds.Garage.class.getName());
	}

	@Test
	void trustedClassOfOtherTypeIsNotRead() {
		assertUnreadable("{\"main\":{\"@class\":\"" + Address.class.getName() + "\"}}",
				"v1,tagged " + Kinds.Drawing.class.getName());
	}

	@Test
	void untaggedEntryInstantiatesNoClassByName() {
		StoredValue stored = StoredValue.json("[{\"@class\":\"" + Address.class.getName() + "\",\"city\":\"a\"}]",
				"v1 java.util.ArrayList");
		assertThat(this.codec.decode(stored))
			.isEqualTo(List.of(Map.of("@class", Address.class.getName(), "city", "a")));
	}

	@Test
	void classIsNotLoadedAsValueOrKey() {
		assertUnreadable("{\"type\":\"" + GADGET + "\"}", "v1 " + OfClass.class.getName());
		assertUnreadable("{\"types\":{\"" + GADGET + "\":1}}", "v1 " + OfClass.class.getName());
	}

	@Test
	void exceptionOfConstructorIsUnreadable() {
		assertUnreadable("{\"value\":-1}", "v1 " + Positive.class.getName());
		assertUnreadable("{\"value\":-2}", "v1 " + Positive.class.getName());
	}

	@ParameterizedTest
	@ValueSource(strings = { "v1 java.util.ArrayList", "v1,tagged java.util.ArrayList", "v1,tagged java.util.HashMap" })
	void deepNestingIsNotRead(String type) {
		assertUnreadable("[".repeat(100_000) + "]".repeat(100_000), type);
		assertUnreadable("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000), type);
		assertUnreadable("{\"@class\":\"java.util.ArrayList\",\"@content\":[".repeat(100_000), type);
	}

	@Test
	void deepNestingOfTrustedTypeIsNotRead() {
		assertUnreadable("{\"next\":".repeat(100_000) + "null" + "}".repeat(100_000), "v1 " + Node.class.getName());
	}

	@Test
	void hugeNumbersAreNotExpanded() {
		for (Class<?> type : List.of(BigInteger.class, Long.class, Integer.class, Short.class)) {
			assertUnreadable("1e999999999", "v1 " + type.getName());
			assertUnreadable("9".repeat(1_000_000), "v1 " + type.getName());
		}
		for (Class<?> type : List.of(Duration.class, Instant.class)) {
			assertUnreadable("9".repeat(1_000_000), "v1 " + type.getName());
			// Jackson reads this number as 0.
			this.codec.decode(StoredValue.json("1e999999999", "v1 " + type.getName()));
		}
		assertUnreadable("9".repeat(1_000_000), "v1 " + BigDecimal.class.getName());
		assertUnreadable("1e99999999999", "v1 " + BigDecimal.class.getName());
		assertUnreadable("{\"primitive\":1e999999999}", "v1 " + Kinds.Numbers.class.getName());
	}

	@Test
	void cacheOfReadersIsBounded() {
		for (int i = 0; i < 3_000; i++) {
			this.codec.decode(StoredValue.json("[]", "v1 java.util.ArrayList<" + "java.util.List<".repeat(i % 50)
					+ "[".repeat(1 + i / 50) + "I" + ">".repeat(i % 50) + ">"));
		}
		assertThat(this.codec).extracting("readings")
			.asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
			.hasSizeLessThanOrEqualTo(1_000);
	}

	@Test
	void declaredTypeDoesNotTrustOthers() {
		ValueCodec shapes = this.codecs.codec("test", Storage.JSONB, Shape.class);
		StoredValue stored = StoredValue.json("{\"city\":\"a\"}", "v1 " + Address.class.getName());
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> shapes.decode(stored));
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> shapes.decode(StoredValue.json("{}", "v1 " + GADGET)));
	}

	private void assertUnreadable(String json, String type) {
		assertUnreadable(StoredValue.json(json, type));
		assertUnreadable(StoredValue.payload(json.getBytes(StandardCharsets.UTF_8), type));
	}

	private void assertUnreadable(StoredValue stored) {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.decode(stored))
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.UNREADABLE));
	}

	record Zoo(Animal star) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "kind")
	interface Animal {

	}

	record OfClass(Class<?> type, Map<Class<?>, Integer> types) {

	}

	record Node(@Nullable Node next) {

	}

	record Positive(int value) {

		Positive {
			if (value == -1) {
				throw new IllegalStateException("negative");
			}
			if (value == -2) {
				throw new StackOverflowError();
			}
		}

	}

}
