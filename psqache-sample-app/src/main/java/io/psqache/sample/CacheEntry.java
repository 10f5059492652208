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

package io.psqache.sample;

import org.jspecify.annotations.Nullable;

/**
 * An entry as stored in PostgreSQL.
 *
 * @param cache the name of the cache
 * @param key the stored key
 * @param value the stored value as JSON; {@code null} for a cached null
 * @param type the stored type of the value
 * @param secondsLeft the time to expiry in seconds; {@code null} if the entry never
 * expires
 */
record CacheEntry(String cache, String key, @Nullable String value, String type, @Nullable Double secondsLeft) {
}
