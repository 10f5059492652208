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
 * Knows the values that cannot be changed, so that callers may share one object: of
 * strings, boxed and large numbers, {@code java.time}, enums, {@link UUID}, {@link URI},
 * {@link Locale} and {@link Currency}, of records whose components hold nothing else, and
 * of the classes that the application names. Thread-safe.
 */
public final class ImmutableTypes {

	/**
	 * Of numbers and strings the class itself, since theirs may have subclasses.
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
	 * Create it.
	 * @param named further classes whose objects cannot be changed; subclasses do not
	 * count
	 */
	public ImmutableTypes(Collection<Class<?>> named) {
		this.named = Set.copyOf(named);
	}

	/**
	 * Whether a value can be shared.
	 * @param value the value; {@code null} can
	 * @return whether it cannot be changed, as far as that is known
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
	 * The components of a record, which may be of any type: it is their values that
	 * count.
	 *
	 * @param accessors {@code null} if they are not to be had
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
			catch (RuntimeException ex) { // its module does not open it
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
			catch (ReflectiveOperationException ex) { // an accessor of the application's
				return false;
			}
		}

	}

}
