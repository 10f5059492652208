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
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * The fields of a class and its superclasses that contain the state of its objects.
 *
 * @param persistentFields the accessible fields that are not transient
 * @param transientFields the accessible transient fields
 * @param areAll whether all fields that are not transient are accessible
 */
record StateFields(List<Field> persistentFields, List<Field> transientFields, boolean areAll) {

	static StateFields of(Class<?> type) {
		List<Field> persistentFields = new ArrayList<>();
		List<Field> transientFields = new ArrayList<>();
		boolean areAll = true;
		Class<?> owner = type;
		for (; !PlatformTypes.contains(owner); owner = owner.getSuperclass()) {
			for (Field field : owner.getDeclaredFields()) {
				boolean isPersistent = !Modifier.isTransient(field.getModifiers());
				if (isState(field) && field.trySetAccessible()) {
					(isPersistent ? persistentFields : transientFields).add(field);
				}
				else {
					areAll &= !isState(field) || !isPersistent;
				}
			}
		}
		return new StateFields(persistentFields, transientFields,
				areAll && (owner == Object.class || owner == Record.class));
	}

	/**
	 * Exclude static and synthetic fields, and fields of Hibernate's bytecode
	 * enhancement, whose names start with {@code $$_}.
	 */
	private static boolean isState(Field field) {
		return !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic() && !field.getName().startsWith("$$_");
	}

	static @Nullable Object value(Field field, Object owner) {
		return ReflectionUtils.getField(field, owner);
	}

}
