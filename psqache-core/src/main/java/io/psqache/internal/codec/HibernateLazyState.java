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

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.hibernate.Hibernate;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.proxy.LazyInitializer;
import org.jspecify.annotations.Nullable;

/**
 * The lazy state of Hibernate proxies, collections and enhanced entities. Only this class
 * requires Hibernate on the class path.
 */
final class HibernateLazyState implements LazyState {

	@Override
	public boolean isPossible() {
		return true;
	}

	@Override
	public boolean isStandIn(Class<?> type) {
		return HibernateProxy.class.isAssignableFrom(type) || PersistentCollection.class.isAssignableFrom(type);
	}

	@Override
	@SuppressWarnings("NullAway") // Hibernate.isInitialized has no nullness annotations.
	public boolean isLoaded(@Nullable Object value) {
		return value == null || Hibernate.isInitialized(value);
	}

	@Override
	public boolean isLoaded(Object entity, String attribute) {
		return Hibernate.isPropertyInitialized(entity, attribute);
	}

	/**
	 * Return the class of a value. {@code Hibernate.getClassLazy} loads an entity that
	 * may be of a subclass, so this method does not use it.
	 */
	@Override
	public Class<?> typeOf(Object value) {
		LazyInitializer proxy = HibernateProxy.extractLazyInitializer(value);
		if (proxy == null) {
			return value.getClass();
		}
		return proxy.isUninitialized() ? proxy.getPersistentClass() : proxy.getImplementation().getClass();
	}

	@Override
	public Object unproxied(Object value) {
		return Hibernate.unproxy(value);
	}

	/**
	 * Copy a Hibernate collection. A sorted set or map keeps its comparator, which
	 * {@link CollectionTypes} refuses.
	 */
	@Override
	@SuppressWarnings({ "unchecked", "rawtypes" })
	public Object plain(Object value) {
		if (value instanceof PersistentCollection<?>) {
			if (value instanceof SortedSet set) {
				return new TreeSet(set);
			}
			if (value instanceof SortedMap map) {
				return new TreeMap(map);
			}
			if (value instanceof Map map) {
				return new LinkedHashMap(map);
			}
			if (value instanceof Set set) {
				return new LinkedHashSet(set);
			}
			return (value instanceof Collection collection) ? new ArrayList(collection) : value;
		}
		return unproxied(value);
	}

}
