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

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * A value with its declared type arguments. Jackson writes a root value by its class,
 * without type arguments, unless the class is final or a container. The JSON of a
 * {@code ResponseEntity<Long>} would then contain the class of its body, which a reader
 * with type arguments does not expect.
 *
 * @param value the value
 * @param type its class with type arguments
 */
record TypedValue(Object value, JavaType type) implements JacksonSerializable {

	/**
	 * Return whether values of a type must be written this way.
	 */
	static boolean isNeeded(JavaType type) {
		return type.containedTypeCount() > 0 && !type.isContainerType();
	}

	@Override
	public void serialize(JsonGenerator generator, SerializationContext context) {
		context.findTypedValueSerializer(this.type, true).serialize(this.value, generator, context);
	}

	@Override
	public void serializeWithType(JsonGenerator generator, SerializationContext context, TypeSerializer types) {
		serialize(generator, context);
	}

}
