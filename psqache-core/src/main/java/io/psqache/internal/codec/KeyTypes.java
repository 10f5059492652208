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

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.introspect.BeanPropertyDefinition;

/**
 * Decides which classes a key may contain:
 * <ul>
 * <li>Classes of the Java platform whose JSON is stable and complete. A {@code File}
 * depends on the working directory, a {@code Calendar} would lose its zone, and an
 * iterator its elements.</li>
 * <li>Other classes that define {@code equals}.</li>
 * </ul>
 */
final class KeyTypes {

	/**
	 * Classes that may also be map keys. Their text is the same in all Java versions,
	 * unlike that of {@code double}, which changed in Java 19.
	 */
	private static final Set<Class<?>> NAMES = Set.of(String.class, Character.class, Boolean.class, Byte.class,
			Short.class, Integer.class, Long.class, BigInteger.class, BigDecimal.class, UUID.class, Instant.class,
			LocalDate.class, LocalDateTime.class, LocalTime.class, Year.class, YearMonth.class, URI.class,
			Currency.class);

	private static final Set<Class<?>> VALUES = Set.of(Float.class, Double.class, Class.class, Date.class,
			Duration.class, Locale.class, MonthDay.class, OffsetDateTime.class, OffsetTime.class, Optional.class,
			OptionalDouble.class, OptionalInt.class, OptionalLong.class, Period.class, URL.class, ZonedDateTime.class);

	private KeyTypes() {
	}

	/**
	 * Return why a key must not contain a class that is no collection, map or array.
	 * @param type the class
	 * @return the reason, or {@code null} if the class is allowed
	 */
	static @Nullable String objection(Class<?> type) {
		if (type.isPrimitive() || type.isInterface() || Enum.class.isAssignableFrom(type)) {
			return null;
		}
		if (isOfPlatform(type)) {
			boolean known = NAMES.contains(type) || VALUES.contains(type) || ZoneId.class.isAssignableFrom(type)
					|| Map.Entry.class.isAssignableFrom(type);
			return known ? null : type.getName() + " has no JSON form that is stable and complete";
		}
		return definesEquals(type) ? null : type.getName() + " does not define equals()";
	}

	/**
	 * Return why a key must not contain a class that Jackson writes as properties. Two
	 * keys that differ only in a field outside of the JSON would have the same stored
	 * form, so each field must be in the JSON or be ignored by an annotation.
	 * @param type the class
	 * @param description its properties
	 * @return the reason, or {@code null} if the class is allowed
	 */
	static @Nullable String objection(Class<?> type, BeanDescription description) {
		Set<String> known = new HashSet<>(description.getIgnoredPropertyNames());
		for (BeanPropertyDefinition property : description.findProperties()) {
			if (property.couldSerialize()) {
				known.add(property.getInternalName());
				known.add(property.getName());
			}
		}
		for (Class<?> owner = type; owner != null && !isOfPlatform(owner); owner = owner.getSuperclass()) {
			for (Field field : owner.getDeclaredFields()) {
				boolean isState = !Modifier.isStatic(field.getModifiers())
						&& !Modifier.isTransient(field.getModifiers()) && !field.isSynthetic();
				if (isState && !known.contains(field.getName())) {
					return owner.getName() + " has a field '" + field.getName() + "' that is not in its JSON";
				}
			}
		}
		return null;
	}

	/**
	 * Return whether objects of a class may be names of JSON properties.
	 */
	static boolean canBeName(Class<?> type) {
		return NAMES.contains(type) || Enum.class.isAssignableFrom(type);
	}

	private static boolean isOfPlatform(Class<?> type) {
		String module = type.getModule().getName();
		return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
	}

	/**
	 * Return whether a class or a superclass overrides {@code equals}.
	 */
	static boolean definesEquals(Class<?> type) {
		try {
			return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException("Every class has it", ex);
		}
	}

}
