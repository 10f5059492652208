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

/**
 * Makes the schema again when it is found to be missing while the application runs.
 */
@FunctionalInterface
public interface SchemaRepair {

	/**
	 * Repairs nothing.
	 */
	SchemaRepair NONE = () -> {
	};

	/**
	 * Whether the schema was neither made nor checked at the start, since the database
	 * could not be reached.
	 * @return whether {@link #run()} has to do that before the schema is used
	 */
	default boolean isDue() {
		return false;
	}

	/**
	 * Make what is missing of the schema. Called on a thread of the store's own, one call
	 * at a time; may take as long as it takes.
	 * @throws RuntimeException if that failed; it is logged, and tried again later
	 */
	void run();

}
