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

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * What a persistence provider has not loaded of a value, and the plain form of what it
 * has. To touch what is not loaded would run a query in the caller's transaction, or fail
 * outside of one. Thread-safe.
 */
interface LazyState {

	/**
	 * That of Hibernate if it is on the class path.
	 */
	LazyState INSTANCE = ClassUtils.isPresent("org.hibernate.Hibernate", LazyState.class.getClassLoader())
			? new HibernateLazyState() : new Nothing();

	/**
	 * Whether values can have parts that are not loaded.
	 */
	boolean isPossible();

	/**
	 * Whether a class is a proxy of an entity, or a collection or map of the provider's.
	 */
	boolean isStandIn(Class<?> type);

	/**
	 * Whether a proxy, a collection, a map or an enhanced entity is loaded. Of anything
	 * else: {@code true}.
	 */
	boolean isLoaded(@Nullable Object value);

	/**
	 * Whether an attribute of an entity is loaded whose laziness is in the entity itself
	 * (bytecode enhancement).
	 */
	boolean isLoaded(Object entity, String attribute);

	/**
	 * The class that a value is for the application: that of the entity for its proxy.
	 * Does not load the value.
	 */
	Class<?> typeOf(Object value);

	/**
	 * The entity of a proxy, and any other value itself. The value must be loaded.
	 */
	Object unproxied(Object value);

	/**
	 * The entity of a proxy, a copy of the provider's collection or map in one of the
	 * JDK, and any other value itself. The value must be loaded.
	 */
	Object plain(Object value);

	/**
	 * The state where all is loaded.
	 */
	final class Nothing implements LazyState {

		@Override
		public boolean isPossible() {
			return false;
		}

		@Override
		public boolean isStandIn(Class<?> type) {
			return false;
		}

		@Override
		public boolean isLoaded(@Nullable Object value) {
			return true;
		}

		@Override
		public boolean isLoaded(Object entity, String attribute) {
			return true;
		}

		@Override
		public Class<?> typeOf(Object value) {
			return value.getClass();
		}

		@Override
		public Object unproxied(Object value) {
			return value;
		}

		@Override
		public Object plain(Object value) {
			return value;
		}

	}

}
