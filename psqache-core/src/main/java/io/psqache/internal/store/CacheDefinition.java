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

import java.time.Duration;

import io.psqache.CacheBounds;

/**
 * What a cache is.
 *
 * @param namespace the application it belongs to, may be empty
 * @param name its name
 * @param bounds what it may hold, which takes the place of bounds that it had before
 * @param fenceLife how long a load may take whose value is to be cached
 * @param staleness what matters of old entries
 * @param listener is told of changes
 */
public record CacheDefinition(String namespace, String name, CacheBounds bounds, Duration fenceLife,
		Staleness staleness, ChangeListener listener) {
}
