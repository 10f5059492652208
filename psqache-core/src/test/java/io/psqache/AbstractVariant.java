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

import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * A cache manager with the settings of one variant, for the contracts of all variants.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class AbstractVariant {

	final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	TestCaches caches;

	/**
	 * Return the settings of this variant.
	 */
	protected abstract CacheSettings settings(CacheSettings defaults);

	@BeforeAll
	public void open() {
		TestCaches.migrate(this.database);
		this.caches = TestCaches.on(this.database, this::settings);
	}

	@AfterAll
	public void close() {
		this.caches.close();
		this.database.close();
	}

}
