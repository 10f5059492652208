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

package io.psqache.internal.connection;

import java.time.Duration;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * Where the cache connects to.
 *
 * @param application the {@code DataSource} of the application; {@code null} if it has
 * none, or several
 * @param fallback answers with a {@code DataSource} that shows how to log in where that
 * of the application hides it; {@code null} if nothing does
 * @param url URL of the cache's own database; {@code null} for that of the application
 * @param username username of the cache; {@code null} for that of the application
 * @param password password of the cache; {@code null} for that of the application
 * @param poolSize number of connections that the cache opens at most
 * @param timeout how long a caller of the cache waits
 */
public record ConnectionSettings(@Nullable DataSource application,
		@Nullable Supplier<? extends @Nullable DataSource> fallback, @Nullable String url, @Nullable String username,
		@Nullable String password, int poolSize, Duration timeout) {

	/**
	 * Whether the cache has a database of its own.
	 */
	public boolean hasUrl() {
		return this.url != null && !this.url.isBlank();
	}

	/**
	 * Without the password, which may also be in the URL.
	 */
	@Override
	public String toString() {
		return "ConnectionSettings[username=" + this.username + ", poolSize=" + this.poolSize + "]";
	}

}
