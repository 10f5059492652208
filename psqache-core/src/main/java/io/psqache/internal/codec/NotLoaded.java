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

package io.psqache.internal.codec;

/**
 * Creates the exceptions for values that Hibernate has not fully loaded.
 */
final class NotLoaded {

	static final String REMEDY = "psqache does not load it, because that would execute further queries, or fail "
			+ "outside of a transaction. Load it with the value (join fetch, @EntityGraph), or "
			+ "return a record or DTO with the required data.";

	private NotLoaded() {
	}

	/**
	 * Create the exception for an unloaded part of an object.
	 * @param owner the object with the unloaded part
	 * @param place the path of the part
	 */
	static UnstorableValueException at(Object owner, String place) {
		String name = LazyState.INSTANCE.typeOf(owner).getSimpleName() + place.substring(place.lastIndexOf('.'));
		return new UnstorableValueException(name + " is not loaded (at " + place + ")", REMEDY);
	}

	/**
	 * Create the exception for an unloaded proxy or collection that is not part of an
	 * object.
	 */
	static UnstorableValueException alone(Object value, String place) {
		String name = LazyState.INSTANCE.typeOf(value).getName();
		return new UnstorableValueException(name + " is not loaded (at " + place + ")", REMEDY);
	}

}
