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

package io.psqache;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FailureCauseTests {

	@ParameterizedTest
	@CsvSource({ "08001, UNAVAILABLE", "08006, UNAVAILABLE", "57P01, UNAVAILABLE", "57P03, UNAVAILABLE",
			"28P01, LOGIN_REFUSED", "3D000, LOGIN_REFUSED", "57014, TIMEOUT", "53300, OUT_OF_RESOURCES",
			"53100, OUT_OF_RESOURCES", "40001, CONFLICT", "40P01, CONFLICT", "25006, READ_ONLY",
			"42P01, SCHEMA_MISSING", "3F000, SCHEMA_MISSING", "42501, FORBIDDEN", "22P02, REJECTED", "22P05, REJECTED",
			"XX000, OTHER" })
	void sqlStateHasCause(String state, FailureCause expected) {
		assertThat(FailureCause.of(new SQLException("message", state))).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "28P01, LOGIN_REFUSED", "28000, LOGIN_REFUSED", "3D000, LOGIN_REFUSED", "42501, LOGIN_REFUSED",
			"08004, LOGIN_REFUSED", "08001, UNAVAILABLE", "57P03, UNAVAILABLE", "53300, OUT_OF_RESOURCES" })
	void sqlStateOfConnectionAttemptHasCause(String state, FailureCause expected) {
		SQLException failure = new SQLException("message", state);
		assertThat(FailureCause.ofConnecting(failure)).isEqualTo(expected);
		assertThat(FailureCause.ofConnecting(new SQLTransientConnectionException("no connection", failure)))
			.isEqualTo(expected);
	}

	@Test
	void remedyForRejectionCoversKeysAndValues() {
		assertThat(FailureCause.REJECTED.remedy()).contains("For a value, set", "For a key, use");
	}

	@Test
	void socketTimeoutIsTimeout() {
		assertThat(FailureCause.of(new SQLException("message", "08006", new SocketTimeoutException())))
			.isEqualTo(FailureCause.TIMEOUT);
	}

	@Test
	void exhaustedPoolIsTimeoutAndFailedConnectionIsNot() {
		assertThat(FailureCause.of(new SQLTransientConnectionException("no connection")))
			.isEqualTo(FailureCause.TIMEOUT);
		assertThat(FailureCause
			.of(new SQLTransientConnectionException("no connection", new SQLException("refused", "08001"))))
			.isEqualTo(FailureCause.UNAVAILABLE);
	}

}
