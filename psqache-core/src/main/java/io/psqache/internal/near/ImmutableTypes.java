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

package io.psqache.internal.near;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Recognizes immutable values, of which callers may share one object: strings, boxed and
 * large numbers, {@code java.time}, enums, {@link UUID}, {@link URI}, {@link Locale},
 * {@link Currency}, records whose components are immutable, and the classes that the
 * application names. Thread-safe.
 */
public final class ImmutableTypes {

	/**
	 * Exact classes, because subclasses of {@link BigDecimal} and {@link BigInteger} may
	 * be mutable.
	 */
	private static final Set<Class<?>> KNOWN = Set.of(String.class, Boolean.class, Character.class, Byte.class,
			Short.class, Integer.class, Long.class, Float.class, Double.class, BigDecimal.class, BigInteger.class,
			UUID.class, URI.class, Locale.class, Currency.class);

	private static final ClassValue<Components> COMPONENTS = new ClassValue<>() {

		@Override
		protected Components computeValue(Class<?> type) {
			return Components.of(type);
		}

	};

	private final Set<Class<?>> named;

	/**
	 * Create a new instance.
	 * @param named further immutable classes; subclasses of these are not included
	 */
	public ImmutableTypes(Collection<Class<?>> named) {
		this.named = Set.copyOf(named);
	}

	/**
	 * Return whether callers may share a value.
	 * @param value the value; {@code null} can be shared
	 * @return {@code true} if the value is known to be immutable
	 */
	public boolean isImmutable(@Nullable Object value) {
		if (value == null || isImmutable(value.getClass()) || value instanceof Enum<?>) {
			return true;
		}
		return value instanceof Record && COMPONENTS.get(value.getClass()).areAll(value, this);
	}

	private boolean isImmutable(Class<?> type) {
		return KNOWN.contains(type) || type.getPackageName().equals("java.time") || this.named.contains(type);
	}

	/**
	 * The components of a record. Their runtime values are checked, because a component
	 * may have any declared type.
	 *
	 * @param accessors the accessor methods, or {@code null} if they are not accessible
	 */
	private record Components(@Nullable List<Method> accessors) {

		static Components of(Class<?> type) {
			try {
				List<Method> accessors = Stream.of(type.getRecordComponents())
					.map(RecordComponent::getAccessor)
					.toList();
				accessors.forEach((accessor) -> accessor.setAccessible(true));
				return new Components(accessors);
			}
			catch (RuntimeException ex) { // The record's module is not open to this one.
				return new Components(null);
			}
		}

		boolean areAll(Object owner, ImmutableTypes types) {
			if (this.accessors == null) {
				return false;
			}
			try {
				for (Method accessor : this.accessors) {
					if (!types.isImmutable(accessor.invoke(owner))) {
						return false;
					}
				}
				return true;
			}
			catch (ReflectiveOperationException ex) { // The accessor threw an exception.
				return false;
			}
		}

	}

}
