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

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TrustedTypesTests {

	private final TrustedTypes types = new TrustedTypes(List.of("com.acme"));

	@ParameterizedTest
	@ValueSource(strings = { "java.lang.String", "java.lang.Long", "java.math.BigDecimal", "java.time.Instant",
			"java.util.ArrayList", "java.util.UUID", "java.util.ImmutableCollections$ListN", "com.acme.User",
			"com.acme.orders.Order", "com.acme.User$Address", "[Lcom.acme.User;", "[[I", "[Ljava.lang.String;" })
	void valueTypesAndApplicationTypesAreTrusted(String name) {
		assertThat(this.types.contains(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.acmeevil.User", "com.acm.User", "java.lang.Runtime", "java.lang.ProcessBuilder",
			"java.lang.Thread", "java.lang.Class", "java.net.URL", "javax.naming.InitialContext",
			"javax.script.ScriptEngineManager", "org.springframework.context.support.ClassPathXmlApplicationContext",
			"com.sun.rowset.JdbcRowSetImpl", "com.zaxxer.hikari.HikariConfig", "java.util.ServiceLoader",
			"java.util.Timer", "[Ljava.lang.Runtime;", "java.util.logging.FileHandler", "", "com.evil.User[]",
			"com.acme.User[]", "[Xjunk", "[Lcom.evil.User", "[I;", "[", "com.acme.User<java.lang.Runtime>",
			"java.util.RegularEnumSet", "java.util.Collections$CheckedList", "java.util.BitSet" })
	void otherTypesAreNotTrusted(String name) {
		assertThat(this.types.contains(name)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.acme.User", "java.util.ArrayList<com.acme.User>",
			"java.util.HashMap<java.lang.Long,java.util.List<com.acme.User>>",
			"java.util.ArrayList<[Lcom.acme.User;>" })
	void namesWithTrustedArgumentsAreTrusted(String name) {
		assertThat(this.types.containsAll(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "java.util.ArrayList<com.evil.User>", "java.util.ArrayList<[Lcom.evil.User;>", "", "<",
			">", "java.util.HashMap<java.lang.Long, com.acme.User>", "com.evil.List<com.acme.User>",
			"java.util.HashMap<java.lang.Long,java.util.List<com.evil.User>>", "java.util.ArrayList<com.acme.User>[]",
			"<com.acme.User>", " com.acme.User" })
	void namesWithUntrustedArgumentsAreNotTrusted(String name) {
		assertThat(this.types.containsAll(name)).isFalse();
	}

	@Test
	void tooLongNamesAreNotTrusted() {
		assertThat(this.types.containsAll("java.util.ArrayList<".repeat(10_000))).isFalse();
	}

}
