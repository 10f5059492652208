package io.psqache;

import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Caches with settings of one variant, for the contracts that all variants keep.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class AbstractVariant {

	final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	TestCaches caches;

	/**
	 * The settings that make this variant.
	 */
	protected abstract CacheSettings settings(CacheSettings defaults);

	@BeforeAll
	void open() {
		TestCaches.migrate(this.database);
		this.caches = TestCaches.on(this.database, this::settings);
	}

	@AfterAll
	void close() {
		this.caches.close();
		this.database.close();
	}

}
