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
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.impl.SetterlessProperty;
import tools.jackson.databind.introspect.AnnotatedMember;

import org.springframework.util.ReflectionUtils;

/**
 * Fills collections and maps that a class holds in final fields and exposes only by a
 * getter, as entities do: {@code private final List<Pet> pets = new ArrayList<>()}. The
 * collection of the field is filled, because the getter may return a view or a copy. A
 * collection that is not in a final field is computed, and is not read.
 */
@SuppressWarnings("serial")
final class FinalCollections extends ValueDeserializerModifier {

	@Override
	public BeanDeserializerBuilder updateBuilder(DeserializationConfig config, BeanDescription.Supplier description,
			BeanDeserializerBuilder builder) {
		List<SettableBeanProperty> properties = new ArrayList<>();
		builder.getProperties().forEachRemaining(properties::add);
		for (SettableBeanProperty property : properties) {
			if (property instanceof SetterlessProperty) {
				List<Field> fields = finalFields(description.getBeanClass());
				if (fields.isEmpty()) {
					builder.removeProperty(property.getFullName());
				}
				else {
					builder.addOrReplaceProperty(new FilledProperty(property, fields), true);
				}
			}
		}
		return builder;
	}

	private static List<Field> finalFields(Class<?> type) {
		List<Field> fields = new ArrayList<>();
		ReflectionUtils.doWithFields(type, (field) -> {
			ReflectionUtils.makeAccessible(field);
			fields.add(field);
		}, (field) -> Modifier.isFinal(field.getModifiers()) && !Modifier.isStatic(field.getModifiers())
				&& (Collection.class.isAssignableFrom(field.getType()) || Map.class.isAssignableFrom(field.getType()))
				&& !field.getDeclaringClass().getName().startsWith("java."));
		return fields;
	}

	private static final class FilledProperty extends SettableBeanProperty.Delegating {

		private final List<Field> fields;

		FilledProperty(SettableBeanProperty delegate, List<Field> fields) {
			super(delegate);
			this.fields = fields;
		}

		@Override
		protected SettableBeanProperty withDelegate(SettableBeanProperty changed) {
			return new FilledProperty(changed, this.fields);
		}

		@Override
		public void deserializeAndSet(JsonParser parser, DeserializationContext context, Object owner) {
			Object filled = filled(owner);
			if (filled == null) {
				parser.skipChildren();
				return;
			}
			Object read = deserialize(parser, context);
			try {
				fill(filled, read);
			}
			catch (UnsupportedOperationException ex) {
				throw new UnstorableValueException(owner.getClass(),
						"the collection in its property '" + getName()
								+ "' is not modifiable, so psqache cannot fill it on a hit",
						"Add a setter or a constructor parameter for the property.");
			}
		}

		@Override
		public Object deserializeSetAndReturn(JsonParser parser, DeserializationContext context, Object owner) {
			deserializeAndSet(parser, context, owner);
			return owner;
		}

		/**
		 * Return the collection to fill: that of the field with the name of the property,
		 * or else the one that the getter returns if a field holds it.
		 */
		private @Nullable Object filled(Object owner) {
			AnnotatedMember getter = getMember();
			Object returned = null;
			for (Field field : this.fields) {
				if (field.getName().equals(getName())) {
					return ReflectionUtils.getField(field, owner);
				}
			}
			for (Field field : this.fields) {
				Object fieldValue = ReflectionUtils.getField(field, owner);
				returned = (returned != null) ? returned : getter.getValue(owner);
				if (fieldValue != null && fieldValue == returned) {
					return fieldValue;
				}
			}
			return null;
		}

		@SuppressWarnings("unchecked")
		private static void fill(Object filled, @Nullable Object read) {
			if (filled instanceof Map<?, ?> map) {
				if (!map.isEmpty()) {
					map.clear();
				}
				if (read instanceof Map<?, ?> entries && !entries.isEmpty()) {
					((Map<Object, Object>) map).putAll(entries);
				}
			}
			else if (filled instanceof Collection<?> collection) {
				if (!collection.isEmpty()) {
					collection.clear();
				}
				if (read instanceof Collection<?> elements && !elements.isEmpty()) {
					((Collection<Object>) collection).addAll(elements);
				}
			}
		}

	}

}
