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

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * Writes the class of a value to the JSON where the declared type would not restore it.
 * An object gets an additional property: {@code {"@class":"com.acme.Circle","radius":1}}.
 * Any other value is wrapped in an object:
 * {@code {"@class":"java.lang.Long","@content":7}}. Arrays, and objects without
 * {@code @class}, are therefore always untagged.
 */
final class TagSerializer extends TypeSerializer {

	static final String CLASS = "@class";

	static final String CONTENT = "@content";

	private final JavaType place;

	private final TypeIdResolver ids;

	private final Tags tags;

	TagSerializer(JavaType place, TypeIdResolver ids, Tags tags) {
		this.place = place;
		this.ids = ids;
		this.tags = tags;
	}

	@Override
	public TypeSerializer forProperty(SerializationContext context, BeanProperty property) {
		return this;
	}

	@Override
	public JsonTypeInfo.As getTypeInclusion() {
		return JsonTypeInfo.As.PROPERTY;
	}

	@Override
	public String getPropertyName() {
		return CLASS;
	}

	@Override
	public TypeIdResolver getTypeIdResolver() {
		return this.ids;
	}

	@Override
	public WritableTypeId writeTypePrefix(JsonGenerator generator, SerializationContext context, WritableTypeId id) {
		id.wrapperWritten = false;
		if (!this.tags.isNeeded(this.place, id)) {
			start(generator, id);
			return id;
		}
		if (context.getAttribute(Written.class) instanceof Written written) {
			written.any = true;
		}
		String name = this.tags.name(this.place, id);
		if (id.valueShape == JsonToken.START_OBJECT && !Tags.usesTheirNames(id.forValue)) {
			generator.writeStartObject(id.forValue);
			generator.writeStringProperty(CLASS, name);
			return id;
		}
		generator.writeStartObject();
		generator.writeStringProperty(CLASS, name);
		generator.writeName(CONTENT);
		id.wrapperWritten = true;
		start(generator, id);
		return id;
	}

	private static void start(JsonGenerator generator, WritableTypeId id) {
		if (id.valueShape == JsonToken.START_OBJECT) {
			generator.writeStartObject(id.forValue);
		}
		else if (id.valueShape == JsonToken.START_ARRAY) {
			generator.writeStartArray(id.forValue);
		}
	}

	@Override
	public WritableTypeId writeTypeSuffix(JsonGenerator generator, SerializationContext context, WritableTypeId id) {
		if (id.valueShape == JsonToken.START_OBJECT) {
			generator.writeEndObject();
		}
		else if (id.valueShape == JsonToken.START_ARRAY) {
			generator.writeEndArray();
		}
		if (id.wrapperWritten) {
			generator.writeEndObject();
		}
		return id;
	}

	/**
	 * An attribute of a write that records whether a tag was written.
	 */
	static final class Written {

		boolean any;

	}

}
