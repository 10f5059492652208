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

import java.util.stream.BaseStream;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.ser.impl.UnknownSerializer;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Refuses objects without properties, such as an {@code InputStream} in a record,
 * streams, which Jackson would consume, and exceptions, which would lose most of their
 * state. Jackson's own error messages contain no advice. Serializers of the application
 * have priority.
 */
@SuppressWarnings("serial")
final class RefusedTypes extends ValueSerializerModifier {

	@Override
	public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier description,
			ValueSerializer<?> serializer) {
		Class<?> type = description.getBeanClass();
		boolean isRefused = (serializer instanceof UnknownSerializer && type != Object.class)
				|| BaseStream.class.isAssignableFrom(type)
				|| (Throwable.class.isAssignableFrom(type) && serializer instanceof BeanSerializerBase);
		return isRefused ? new Refusal(type) : serializer;
	}

	private static final class Refusal extends StdSerializer<Object> {

		private final Class<?> type;

		Refusal(Class<?> type) {
			super(Object.class);
			this.type = type;
		}

		@Override
		public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
			UnstorableValueException refusal = TypeAdvice.known(this.type);
			throw (refusal != null) ? refusal : new UnstorableValueException(this.type, "it has no properties",
					"Return a record or an object with getters.");
		}

		@Override
		public void serializeWithType(Object value, JsonGenerator generator, SerializationContext context,
				TypeSerializer types) {
			serialize(value, generator, context);
		}

	}

}
