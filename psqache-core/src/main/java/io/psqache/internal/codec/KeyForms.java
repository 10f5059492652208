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
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.jdk.JDKKeySerializers;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Refuses map keys that Jackson would write with their {@code toString()}. A record with
 * one string component would be read back with that whole text as the component.
 */
@SuppressWarnings("serial")
final class KeyForms extends ValueSerializerModifier {

	@Override
	public ValueSerializer<?> modifyKeySerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, ValueSerializer<?> serializer) {
		boolean isToString = serializer instanceof JDKKeySerializers.Default
				&& !type.getRawClass().getName().startsWith("java.");
		return isToString ? new Refusal(type.getRawClass()) : serializer;
	}

	private static final class Refusal extends StdSerializer<Object> {

		private final Class<?> type;

		Refusal(Class<?> type) {
			super(Object.class);
			this.type = type;
		}

		@Override
		public void serialize(Object key, JsonGenerator generator, SerializationContext context) {
			throw new UnstorableValueException(this.type, "it is the key of a map and has no JSON form as a key",
					"Add a @JsonKey method and a constructor or factory that takes its result, or use "
							+ "strings, numbers or enums as keys.");
		}

	}

}
