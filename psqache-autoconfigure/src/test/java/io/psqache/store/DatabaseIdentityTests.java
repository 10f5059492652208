package io.psqache.store;

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
