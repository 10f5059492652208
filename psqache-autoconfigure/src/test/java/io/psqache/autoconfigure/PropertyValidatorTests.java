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

package io.psqache.autoconfigure;

import io.psqache.CacheStartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Invalid settings are reported with their name, their value and the allowed values,
 * before the database is used: this application has no PostgreSQL.
 */
@ExtendWith(OutputCaptureExtension.class)
class PropertyValidatorTests {

	private static final String TIME_TO_LIVE_RULE = "It must be positive and at most 36500d, "
			+ "or 0 for entries that never expire.";

	private static final String TIME_TO_IDLE_RULE = "It must be positive and at most 36500d, or 0 for no limit.";

	private static final String JITTER_RULE = "It must be between 0 and 0.5.";

	private static final String BOUND_RULE = "It must be positive, or 0 for no bound.";

	private static final String SCHEMA_RULE = "It must be an identifier of at most 63 letters, digits and underscores "
			+ "that does not begin with a digit or with 'pg_', and not 'public' or 'information_schema'.";

	private static final String TIMEOUT_RULE = "It must be between 1ms and 1m.";

	private static final String POOL_RULE = "It must be between 1 and 1000.";

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			psqache.defaults.time-to-live       | -1s
			psqache.defaults.time-to-live       | 36501d
			psqache.caches.orders.time-to-live  | -1ms
			""")
	void timeToLiveOutOfRangeIsRefused(String name, String value, CapturedOutput output) {
		assertRefused(name, value, TIME_TO_LIVE_RULE, output);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			psqache.defaults.time-to-idle       | -1ms
			psqache.defaults.time-to-idle       | -5s
			psqache.caches.orders.time-to-idle  | 36501d
			""")
	void timeToIdleOutOfRangeIsRefused(String name, String value, CapturedOutput output) {
		assertRefused(name, value, TIME_TO_IDLE_RULE, output);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			psqache.defaults.jitter       | 0.9
			psqache.defaults.jitter       | -0.1
			psqache.caches.orders.jitter  | NaN
			""")
	void jitterOutOfRangeIsRefused(String name, String value, CapturedOutput output) {
		assertRefused(name, value, JITTER_RULE, output);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			psqache.defaults.fresh-for        | -1s    | It must be positive and at most 36500d, or 0 for none.
			psqache.defaults.fresh-for        | 28d    | It must be shorter than the time-to-live, which is PT672H here.
			psqache.caches.orders.fresh-for   | 672h   | It must be shorter than the time-to-live, which is PT672H here.
			psqache.defaults.stale-if-error   | -1s    | It must be positive and at most 36500d, or 0 for none.
			psqache.defaults.load-timeout.hard | -1s   | It must be positive and at most 36500d, or 0 for none.
			psqache.caches.orders.load-timeout.soft | -1s | It must be positive and at most 36500d, or 0 for none.
			psqache.defaults.refresh-ahead    | 101    | It must be between 0 and 100.
			psqache.caches.orders.refresh-ahead | NaN  | It must be between 0 and 100.
			""")
	void invalidLoadSettingIsRefused(String name, String value, String rule, CapturedOutput output) {
		assertRefused(name, value, rule, output);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			psqache.defaults.max-entries       | -1
			psqache.caches.orders.max-entries  | -9223372036854775808
			psqache.defaults.max-size          | -1
			psqache.caches.orders.max-size     | -3GB
			""")
	void negativeBoundIsRefused(String name, String value, CapturedOutput output) {
		assertRefused(name, value, BOUND_RULE, output);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			psqache.defaults.near.max-entries       | 0          | It must be between 1 and 2147483647.
			psqache.caches.orders.near.max-entries  | 2147483648 | It must be between 1 and 2147483647.
			psqache.defaults.near.max-size          | -1         | It must be positive, or 0 for any size.
			psqache.defaults.near.time-to-live      | 0          | It must be positive and at most 365d.
			psqache.caches.orders.near.time-to-live | 366d       | It must be positive and at most 365d.
			psqache.near.lease                      | 99ms       | It must be between 100ms and 1m.
			psqache.near.lease                      | 61s        | It must be between 100ms and 1m.
			""")
	void boundOfNearCacheOutOfRangeIsRefused(String name, String value, String rule, CapturedOutput output) {
		assertRefused(name, value, rule, output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1s", "9ms", "3601s" })
	void intervalOfSweeperOutOfRangeIsRefused(String value, CapturedOutput output) {
		assertRefused("psqache.sweep.interval", value, "It must be between 10ms and 1h.", output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "100001" })
	void pagesOfSweeperOutOfRangeAreRefused(String value, CapturedOutput output) {
		assertRefused("psqache.sweep.pages", value, "It must be between 1 and 100000.", output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1st", "a-b", "a b", "x\"; drop schema public; --", "it's", "pg_cache", "public",
			"information_schema", "a234567890123456789012345678901234567890123456789012345678901234" })
	void invalidSchemaNameIsRefused(String value, CapturedOutput output) {
		assertRefused("psqache.schema", value, SCHEMA_RULE, output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1s", "2m", "100ns", "9999999999999999s" })
	void timeoutOutOfRangeIsRefused(String value, CapturedOutput output) {
		assertRefused("psqache.timeout", value, TIMEOUT_RULE, output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "1001" })
	void poolSizeOutOfRangeIsRefused(String value, CapturedOutput output) {
		assertRefused("psqache.pool.maximum-size", value, POOL_RULE, output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "com.acme.*", "com..acme", "com.acme.", "com", "java", "java.util", "dev", "uk.co" })
	void invalidTrustedPackageIsRefused(String value, CapturedOutput output) {
		assertRefused("psqache.trusted-packages", value,
				"It must be the name of a package of your own, such as com.acme.orders. Packages of "
						+ "the JDK and top-level names such as com are not allowed. Sub-packages are trusted "
						+ "with their parent.",
				output);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					psqache.caches.orders.type  | com.acme.Order                  | The class 'com.acme.Order' is not on the class path.
					psqache.defaults.type       | java.util.List<java.lang.Long   | At character 30 psqache expects ',' or '>', but finds the end.
					psqache.caches.orders.type  | java.util.Map<java.lang.String> | java.util.Map has 2 type parameters, not 1.
					""")
	void invalidTypeIsRefused(String name, String value, String reason, CapturedOutput output) {
		assertRefused(name, value,
				reason + " It must be a type as Java writes it, with the full names of classes, such as com.acme.User, "
						+ "com.acme.User[] or java.util.List<com.acme.User>.",
				output);
	}

	@ParameterizedTest
	@CsvSource({ "psqache.defaults.writes, acknowledged", "psqache.caches.orders.writes, behind" })
	void removedWritesPropertyIsRefused(String name, String value, CapturedOutput output) {
		assertRefused(name, value, "This property no longer exists, because a put always waits until its entry is "
				+ "stored. Remove it. To write without waiting, use TypedCache.setAsync.", output);
	}

	@Test
	void oldNameOfTombstoneRetentionIsRefused(CapturedOutput output) {
		assertRefused("psqache.tombstones", "10m",
				"The property was renamed. Set psqache.tombstone-retention to this value instead.", output);
	}

	@ParameterizedTest
	@CsvSource({ "org.springframework, org.springframework.aop", "org.springframework.util, org.springframework.util",
			"org.springframework.beans.factory.config, org.springframework.beans",
			"org.apache.commons, org.apache.commons.beanutils" })
	void dangerousTrustedPackageIsRefused(String value, String dangerous, CapturedOutput output) {
		assertRefused("psqache.trusted-packages", value,
				"psqache never trusts " + dangerous
						+ ", because an attacker can misuse its classes when they are created from stored "
						+ "data. Name a package that neither contains it nor is part of it, or cache a record "
						+ "of your own.",
				output);
	}

	@Test
	void invalidOneOfSeveralTrustedPackagesIsNamed(CapturedOutput output) {
		StartupReport report = StartupReport.of(output, Minimal.class, "psqache.trusted-packages[0]=com.acme",
				"psqache.trusted-packages[1]=*");
		assertThat(report.description())
			.startsWith("Invalid value '*' for configuration property 'psqache.trusted-packages'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "psqache.defaults.storage", "psqache.caches.orders.storage" })
	void unknownStorageIsRefused(String name, CapturedOutput output) {
		StartupReport report = StartupReport.of(output, Minimal.class, name + "=xml");
		assertThat(report.description()).contains("Property: " + name, "Value: \"xml\"");
		assertThat(report.action()).contains("The following values are valid:", "BINARY", "JSONB");
	}

	@ParameterizedTest
	@CsvSource({ "psqache.timeout,soon", "psqache.defaults.time-to-live,28 moons", "psqache.pool.maximum-size,many",
			"psqache.defaults.max-size,3 moons", "psqache.defaults.max-entries,many" })
	void valueThatDoesNotConvertIsRefused(String name, String value, CapturedOutput output) {
		StartupReport report = StartupReport.of(output, Minimal.class, name + "=" + value);
		assertThat(report.description()).contains("Property: " + name, "Value: \"" + value + "\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "psqache.timeout=1ms", "psqache.timeout=1m", "psqache.pool.maximum-size=1",
			"psqache.pool.maximum-size=1000", "psqache.schema=_Cache_2", "psqache.defaults.time-to-live=0",
			"psqache.defaults.time-to-live=36500d", "psqache.defaults.time-to-idle=1ms",
			"psqache.defaults.time-to-idle=0", "psqache.defaults.jitter=0.5", "psqache.defaults.jitter=0",
			"psqache.defaults.max-entries=0", "psqache.defaults.max-entries=1", "psqache.defaults.max-size=0",
			"psqache.defaults.max-size=1", "psqache.sweep.interval=10ms", "psqache.sweep.interval=1h",
			"psqache.sweep.pages=1", "psqache.sweep.pages=100000", "psqache.trusted-packages=com.acme,org.acme.p2",
			"psqache.trusted-packages=org.springframework.data.domain,org.apache.avro",
			"psqache.defaults.near.max-entries=1", "psqache.defaults.near.max-size=0",
			"psqache.defaults.near.time-to-live=365d", "psqache.defaults.storage=jsonb",
			"psqache.caches.orders.storage=binary", "psqache.defaults.type=java.util.List<java.lang.Long[]>" })
	void valueAtTheLimitIsAccepted(String property) {
		new ApplicationContextRunner().withUserConfiguration(Minimal.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:settings", property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(CacheStartupException.class)
				.hasMessageContaining("H2"));
	}

	private static void assertRefused(String name, String value, String rule, CapturedOutput output) {
		StartupReport report = StartupReport.of(output, Minimal.class, "spring.datasource.url=jdbc:h2:mem:settings",
				name + "=" + value);
		assertThat(report.description())
			.startsWith("Invalid value '" + value + "' for configuration property '" + name + "'")
			.endsWith(rule);
		assertThat(report.action()).isEqualTo("Review the value of the property with the provided reason.");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, PsqacheAutoConfiguration.class })
	static class Minimal {

	}

}
