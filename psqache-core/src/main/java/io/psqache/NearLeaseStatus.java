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

import java.time.Duration;

/**
 * The leases of strict near caches, and their cost since the cache manager was created.
 *
 * @param held the number of caches on which this instance holds a lease now
 * @param suspensions the number of changes of this instance that waited for peers
 * @param waited the total time that these changes waited
 * @param revocations the number of leases of peers that this instance revoked because
 * they did not acknowledge a change in time
 */
public record NearLeaseStatus(long held, long suspensions, Duration waited, long revocations) {

}
