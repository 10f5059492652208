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
 * Tells which parts of a value the persistence provider has not loaded, and removes the
 * classes of the provider from loaded values. Access to an unloaded part would execute a
 * query in the caller's transaction, or fail outside of one. Thread-safe.
 */
interface LazyState {

	/**
	 * The implementation for Hibernate if it is on the class path.
	 */
	LazyState INSTANCE = ClassUtils.isPresent("org.hibernate.Hibernate", LazyState.class.getClassLoader())
			? new HibernateLazyState() : new Nothing();

	/**
	 * Return whether values can have unloaded parts.
	 */
	boolean isPossible();

	/**
	 * Return whether a class is an entity proxy, or a collection or map class of the
	 * provider.
	 */
	boolean isStandIn(Class<?> type);

	/**
	 * Return whether a proxy, a collection, a map or an enhanced entity is loaded;
	 * {@code true} for all other objects.
	 */
	boolean isLoaded(@Nullable Object value);

	/**
	 * Return whether an attribute of an entity is loaded. Bytecode-enhanced entities load
	 * their attributes lazily.
	 */
	boolean isLoaded(Object entity, String attribute);

	/**
	 * Return the class of a value as the application sees it: for a proxy, the class of
	 * its entity. Does not load the value.
	 */
	Class<?> typeOf(Object value);

	/**
	 * Return the entity of a proxy, or the value itself. The value must be loaded.
	 */
	Object unproxied(Object value);

	/**
	 * Return the entity of a proxy, a copy of the provider's collection or map in a JDK
	 * class, or the value itself. The value must be loaded.
	 */
	Object plain(Object value);

	/**
	 * The state without a persistence provider: all values are loaded.
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
