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

package io.psqache.internal.sweep;

/**
 * The entries that the next walk evicts from a cache that exceeds a bound: all entries
 * that were unused for {@code allMicros}, and a share of those that were unused for
 * {@code someMicros}.
 *
 * @param cacheId the id of the cache
 * @param allMicros the unused time from which all entries are evicted, in microseconds
 * @param someMicros the unused time from which a share is evicted, in microseconds, at
 * most {@code allMicros}
 * @param share that share, from 0 to 1
 */
record BoundEviction(int cacheId, long allMicros, long someMicros, double share) {

}
