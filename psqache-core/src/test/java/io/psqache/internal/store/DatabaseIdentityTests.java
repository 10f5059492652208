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

package io.psqache.internal.store;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DatabaseIdentityTests {

	private final DatabaseIdentity identity = new DatabaseIdentity("1.5", "16384", false, "shop");

	@Test
	void sameDatabaseIsReachedByAnotherRole() {
		assertThat(this.identity.isSameDatabase(new DatabaseIdentity("1.5", "16384", false, "library"))).isTrue();
	}

	@Test
	void otherDatabaseOfTheServerIsAnother() {
		assertThat(this.identity.isSameDatabase(new DatabaseIdentity("1.5", "16385", false, "shop"))).isFalse();
	}

	@Test
	void copyOfTheServerIsAnother() {
		assertThat(this.identity.isSameDatabase(new DatabaseIdentity("1.6", "16384", false, "shop"))).isFalse();
	}

	@Test
	void nothingCanBeWrittenToAStandby() {
		DatabaseIdentity standby = new DatabaseIdentity("1.5", "16384", true, "shop");
		assertThat(this.identity.isSameDatabase(standby)).isFalse();
		assertThat(standby.isSameDatabase(standby)).isFalse();
	}

}
