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

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ext.jdk8.Jdk8OptionalSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.std.ReferenceTypeSerializer;
import tools.jackson.databind.type.ReferenceType;
import tools.jackson.databind.util.NameTransformer;

/**
 * Writes a tag for an {@code Optional}. Jackson writes only its content, so a property of
 * any type would lose the {@code Optional}.
 */
@SuppressWarnings("NullAway") // Jackson has no nullness annotations.
final class OptionalSerializer extends Jdk8OptionalSerializer {

	OptionalSerializer(ReferenceType type, TypeSerializer contentTypes, ValueSerializer<Object> contents) {
		super(type, false, contentTypes, contents);
	}

	private OptionalSerializer(OptionalSerializer source, BeanProperty property, TypeSerializer contentTypes,
			ValueSerializer<?> contents, NameTransformer unwrapper, Object suppressable, boolean suppressNulls) {
		super(source, property, contentTypes, contents, unwrapper, suppressable, suppressNulls);
	}

	@Override
	protected ReferenceTypeSerializer<Optional<?>> withResolved(BeanProperty property, TypeSerializer contentTypes,
			ValueSerializer<?> contents, NameTransformer unwrapper) {
		return new OptionalSerializer(this, property, contentTypes, contents, unwrapper, this._suppressableValue,
				this._suppressNulls);
	}

	@Override
	public ReferenceTypeSerializer<Optional<?>> withContentInclusion(Object suppressable, boolean suppressNulls) {
		return new OptionalSerializer(this, this._property, this._valueTypeSerializer, this._valueSerializer,
				this._unwrapper, suppressable, suppressNulls);
	}

	@Override
	protected @Nullable Object _getReferencedIfPresent(Optional<?> value) {
		Object content = super._getReferencedIfPresent(value);
		if (content instanceof Optional) {
			throw new UnstorableValueException(Optional.class, "it contains another Optional, which has no JSON form",
					"Unwrap the inner Optional.");
		}
		return content;
	}

	@Override
	public void serializeWithType(Optional<?> value, JsonGenerator generator, SerializationContext context,
			TypeSerializer types) {
		WritableTypeId id = types.writeTypePrefix(generator, context,
				types.typeId(value, Optional.class, JsonToken.VALUE_STRING));
		if (value.isPresent()) {
			serialize(value, generator, context);
		}
		else {
			generator.writeNull();
		}
		types.writeTypeSuffix(generator, context, id);
	}

}
