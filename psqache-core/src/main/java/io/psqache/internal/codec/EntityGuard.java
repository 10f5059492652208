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

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.util.NameTransformer;

/**
 * A property that writes nothing, but checks an entity before Jackson calls its getters:
 * <ol>
 * <li>All objects that are reachable from the entity must be loaded. A getter such as
 * {@code getTagCount()} would load a collection that is not part of the JSON.</li>
 * <li>The JSON must contain each identifier, version and association. Otherwise a hit
 * would have {@code null} there, and {@code merge} would write that to the database.</li>
 * </ol>
 */
@SuppressWarnings({ "serial", "NullAway" }) // Jackson has no nullness annotations.
final class EntityGuard extends BeanPropertyWriter {

	private final List<EntityFields.EntityField> unwritten;

	private final Set<EntityFields.EntityField> emptyWhenNew;

	private final Set<String> backReferences;

	/**
	 * Create a new instance.
	 * @param first any property of the entity
	 * @param unwritten the vital fields that are not in the JSON of the entity
	 * @param emptyWhenNew the unwritten fields that hold an empty collection or map in a
	 * new entity
	 * @param backReferences the names of the fields that a {@code @JsonManagedReference}
	 * restores
	 */
	EntityGuard(BeanPropertyWriter first, List<EntityFields.EntityField> unwritten,
			Set<EntityFields.EntityField> emptyWhenNew, Set<String> backReferences) {
		super(first, PropertyName.construct("@loaded"));
		this.unwritten = unwritten;
		this.emptyWhenNew = emptyWhenNew;
		this.backReferences = backReferences;
	}

	@Override
	public void serializeAsProperty(Object entity, JsonGenerator generator, SerializationContext context) {
		TokenStreamContext parent = generator.streamWriteContext().getParent();
		String place = JsonPlace.of(parent);
		requireLoaded(entity, place, visited(context));
		for (EntityFields.EntityField field : this.unwritten) {
			requireRestored(field, entity, place, parent);
		}
	}

	@Override
	public void serializeAsElement(Object entity, JsonGenerator generator, SerializationContext context) {
		serializeAsProperty(entity, generator, context);
	}

	@Override
	public BeanPropertyWriter rename(NameTransformer transformer) {
		return this;
	}

	@SuppressWarnings("unchecked")
	private static Set<Object> visited(SerializationContext context) {
		Set<Object> visited = (Set<Object>) context.getAttribute(EntityGuard.class);
		if (visited == null) {
			visited = Collections.newSetFromMap(new IdentityHashMap<>());
			context.setAttribute(EntityGuard.class, visited);
		}
		return visited;
	}

	private static void requireLoaded(Object entity, String place, Set<Object> visited) {
		if (!visited.add(entity)) {
			return;
		}
		for (EntityFields.EntityField field : EntityFields.of(entity.getClass())) {
			String attribute = place + "." + field.name();
			if (!LazyState.INSTANCE.isLoaded(entity, field.name())) {
				throw NotLoaded.at(entity, attribute);
			}
			Object value = field.isObject() ? field.get(entity) : null;
			if (!LazyState.INSTANCE.isLoaded(value)) {
				throw NotLoaded.at(entity, attribute);
			}
			if (value != null) {
				requireLoaded(entity, attribute, LazyState.INSTANCE.unproxied(value), visited);
			}
		}
	}

	private static void requireLoaded(Object owner, String place, Object value, Set<Object> visited) {
		if (EntityFields.isManaged(value.getClass())) {
			requireLoaded(value, place, visited);
			return;
		}
		for (Object element : JsonPlace.content(value)) {
			String inside = place + ((value instanceof Map) ? JsonPlace.ENTRY : JsonPlace.ELEMENT);
			if (!LazyState.INSTANCE.isLoaded(element)) {
				throw NotLoaded.at(owner, inside);
			}
			if (element != null) {
				requireLoaded(owner, inside, LazyState.INSTANCE.unproxied(element), visited);
			}
		}
	}

	private void requireRestored(EntityFields.EntityField field, Object entity, String place,
			@Nullable TokenStreamContext parent) {
		Object value = field.get(entity);
		boolean isRestored = value == null || isZero(field, value)
				|| (this.emptyWhenNew.contains(field) && field.isEmpty(entity))
				|| (this.backReferences.contains(field.name())
						&& LazyState.INSTANCE.unproxied(value) == JsonPlace.owner(parent));
		if (!isRestored) {
			String name = entity.getClass().getSimpleName() + "." + field.name();
			String reason = this.backReferences.contains(field.name())
					? "a back reference is restored only within the object that it refers to"
					: "it is ignored, or has no getter";
			throw new UnstorableValueException(name + " is not in the JSON of the value (at " + place + "): " + reason,
					"A hit would return null for it, and a merge would write that null to the database. "
							+ "Include it in the JSON, or return a record or DTO with the required data.");
		}
	}

	private static boolean isZero(EntityFields.EntityField field, Object value) {
		return field.field().getType().isPrimitive() && value instanceof Number number && number.longValue() == 0;
	}

}
