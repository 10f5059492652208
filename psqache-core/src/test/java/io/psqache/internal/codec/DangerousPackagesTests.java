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

import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.jsontype.impl.SubTypeValidator;

import static org.assertj.core.api.Assertions.assertThat;

class DangerousPackagesTests {

	/**
	 * The classes that were reported to Jackson as dangerous.
	 */
	@ParameterizedTest
	@MethodSource("reportedToJackson")
	void packageOfKnownGadgetIsNeverTrusted(String className) {
		String name = className;
		while (name.indexOf('.') > 0) {
			name = name.substring(0, name.lastIndexOf('.'));
			assertThat(TrustedPackages.mayBeTrusted(name)).as(name).isFalse();
		}
	}

	static Stream<String> reportedToJackson() {
		return Reported.names().stream().sorted();
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.context.support", "org.springframework.web.context.support",
			"org.springframework.boot.web.context", "org.springframework.jdbc.datasource", "org.postgresql.ds",
			"org.springframework", "org.apache", "org.apache.commons", "org.postgresql", "org.springframework.web",
			"com.alibaba.druid.pool", "org.postgresql.xa", "org.mariadb.jdbc", "org.hsqldb.jdbc",
			"org.apache.derby.jdbc", "org.sqlite", "com.microsoft.sqlserver.jdbc", "org.apache.catalina.startup",
			"org.springframework.ldap.core", "com.unboundid.ldap", "weblogic.jndi", "com.ibm.db2",
			"org.eclipse.jetty.plus", "org.springframework.cglib.proxy", "org.springframework.oxm.jaxb",
			"com.fasterxml.jackson.databind", "tools.jackson.databind", "scala.math", "org.apache.batik.swing" })
	void packageThatIsPartOfDangerousOneOrContainsItIsNeverTrusted(String name) {
		assertThat(TrustedPackages.mayBeTrusted(name)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "de", "dev", "ai", "co", "demo", "uk.co", "au.com", "jp.ne", "za.org", "fr.gouv" })
	void sharedPackageIsNeverTrusted(String name) {
		assertThat(TrustedPackages.mayBeTrusted(name)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.data.domain", "org.springframework.data", "org.springframework.http",
			"org.springframework.security.core.userdetails", "org.springframework.samples.petclinic",
			"org.springframework.ai.document", "org.apache.avro", "org.apache.commons.lang3.tuple",
			"org.apache.commons.collectionsplus", "com.acme", "javassistant.model", "org.postgresql.geometric",
			"com.ibmacme", "org.sqliteacme", "uk.co.acme", "de.acme", "au.com.acme" })
	void packageWithoutDangerousClassesMayBeTrusted(String name) {
		assertThat(TrustedPackages.mayBeTrusted(name)).isTrue();
	}

	/**
	 * Exposes the list, which only subclasses can access.
	 */
	private static final class Reported extends SubTypeValidator {

		static Set<String> names() {
			return DEFAULT_NO_DESER_CLASS_NAMES;
		}

	}

}
