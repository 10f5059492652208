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

import java.beans.Introspector;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.util.ReflectionUtils;

/**
 * The fields of an entity that may be unloaded, and those whose loss {@code merge} would
 * write to the database.
 */
final class EntityFields {

	private static final Map<Class<?>, List<EntityField>> KNOWN = new ConcurrentReferenceHashMap<>();

	private static final List<Class<? extends Annotation>> VITAL = List.of(Id.class, EmbeddedId.class, Version.class,
			Embedded.class, OneToOne.class, OneToMany.class, ManyToOne.class, ManyToMany.class,
			ElementCollection.class);

	private EntityFields() {
	}

	/**
	 * Return whether a class or one of its superclasses has a JPA annotation.
	 */
	static boolean isManaged(Class<?> type) {
		for (Class<?> level = type; level != null && level != Object.class; level = level.getSuperclass()) {
			if (level.isAnnotationPresent(Entity.class) || level.isAnnotationPresent(Embeddable.class)
					|| level.isAnnotationPresent(MappedSuperclass.class)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the fields of an entity that are neither static nor transient.
	 */
	static List<EntityField> of(Class<?> type) {
		return KNOWN.computeIfAbsent(type, EntityFields::find);
	}

	private static List<EntityField> find(Class<?> type) {
		List<EntityField> fields = new ArrayList<>();
		ReflectionUtils.doWithFields(type, (field) -> {
			if (field.trySetAccessible()) {
				fields.add(new EntityField(field, isVital(field)));
			}
		}, (field) -> !Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())
				&& !field.getName().startsWith("$$"));
		return List.copyOf(fields);
	}

	private static boolean isVital(Field field) {
		Method getter = getter(field);
		return VITAL.stream()
			.anyMatch(
					(annotation) -> isPresent(field, annotation) || (getter != null && isPresent(getter, annotation)));
	}

	private static boolean isPresent(AnnotatedElement element, Class<? extends Annotation> annotation) {
		return element.isAnnotationPresent(annotation);
	}

	/**
	 * Return the getter of a field: with JPA property access, getters have the
	 * annotations.
	 */
	private static @Nullable Method getter(Field field) {
		for (Method method : field.getDeclaringClass().getDeclaredMethods()) {
			String name = method.getName();
			if (method.getParameterCount() == 0 && name.startsWith("get") && name.length() > 3
					&& Introspector.decapitalize(name.substring(3)).equals(field.getName())) {
				return method;
			}
		}
		return null;
	}

	/**
	 * A field of an entity.
	 *
	 * @param field the field
	 * @param isVital whether the field is an identifier, a version, an embedded object or
	 * an association
	 */
	record EntityField(Field field, boolean isVital) {

		String name() {
			return this.field.getName();
		}

		/**
		 * Return whether the field may hold an object to check; numbers of primitive type
		 * and strings contain none.
		 */
		boolean isObject() {
			return !this.field.getType().isPrimitive() && this.field.getType() != String.class;
		}

		boolean isContainer() {
			return Collection.class.isAssignableFrom(this.field.getType())
					|| Map.class.isAssignableFrom(this.field.getType());
		}

		/**
		 * Return whether the field holds an empty collection or map. The field must be
		 * loaded.
		 */
		boolean isEmpty(Object entity) {
			Object value = isContainer() ? get(entity) : null;
			return (value instanceof Collection<?> collection && collection.isEmpty())
					|| (value instanceof Map<?, ?> map && map.isEmpty());
		}

		@Nullable Object get(Object entity) {
			return ReflectionUtils.getField(this.field, entity);
		}

	}

}
