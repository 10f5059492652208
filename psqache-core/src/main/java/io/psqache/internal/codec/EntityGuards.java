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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;

import org.springframework.beans.BeanInstantiationException;
import org.springframework.beans.BeanUtils;

/**
 * Adds an {@link EntityGuard} before the first property of each entity.
 */
@SuppressWarnings("serial")
final class EntityGuards extends ValueSerializerModifier {

	private final boolean isRead;

	/**
	 * Create a new instance.
	 * @param isRead whether the JSON is read back, which is {@code false} for keys
	 */
	EntityGuards(boolean isRead) {
		this.isRead = isRead;
	}

	@Override
	public List<BeanPropertyWriter> changeProperties(SerializationConfig config, BeanDescription.Supplier description,
			List<BeanPropertyWriter> writers) {
		Class<?> type = description.getBeanClass();
		if (writers.isEmpty() || !EntityFields.isManaged(type)) {
			return writers;
		}
		Set<String> names = new HashSet<>();
		writers.forEach((writer) -> names.add(writer.getName()));
		Set<String> written = new HashSet<>();
		Set<String> backReferences = new HashSet<>();
		for (BeanPropertyDefinition property : description.get().findProperties()) {
			AnnotationIntrospector.ReferenceProperty reference = property.findReferenceType();
			if (reference != null && reference.isBackReference()) {
				backReferences.add(property.getInternalName());
			}
			else if (names.contains(property.getName())) {
				written.add(property.getInternalName());
			}
		}
		List<EntityFields.EntityField> unwritten = this.isRead ? EntityFields.of(type)
			.stream()
			.filter((field) -> field.isVital() && !written.contains(field.name()))
			.toList() : List.of();
		List<BeanPropertyWriter> guarded = new ArrayList<>();
		guarded.add(new EntityGuard(writers.get(0), unwritten, emptyWhenNew(type, unwritten), backReferences));
		guarded.addAll(writers);
		return guarded;
	}

	/**
	 * Return the fields that hold an empty collection or map in a new entity.
	 */
	private static Set<EntityFields.EntityField> emptyWhenNew(Class<?> type, List<EntityFields.EntityField> fields) {
		if (fields.stream().noneMatch(EntityFields.EntityField::isContainer)) {
			return Set.of();
		}
		try {
			Object entity = BeanUtils.instantiateClass(type);
			return fields.stream().filter((field) -> field.isEmpty(entity)).collect(Collectors.toUnmodifiableSet());
		}
		catch (BeanInstantiationException ex) { // The class is abstract, or a record.
			return Set.of();
		}
	}

}
