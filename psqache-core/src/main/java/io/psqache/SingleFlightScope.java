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

/**
 * Determines which callers with a loader share one load of a key:
 * {@code @Cacheable(sync = true)} and {@code get} with a loader.
 */
public enum SingleFlightScope {

	/**
	 * Each caller loads.
	 */
	NONE,

	/**
	 * Callers of the same instance share a load.
	 */
	LOCAL,

	/**
	 * Callers of all instances share a load. The others wait until the value is stored,
	 * and load in turn if it is not.
	 */
	CLUSTER

}
