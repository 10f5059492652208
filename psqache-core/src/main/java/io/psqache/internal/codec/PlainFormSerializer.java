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

import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.type.TypeFactory;

/**
 * Writes the entity of a proxy, and a JDK copy of a Hibernate collection, so that no
 * class names of Hibernate are stored.
 */
@SuppressWarnings("NullAway") // Jackson has no nullness annotations.
final class PlainFormSerializer extends ValueSerializer<Object> {

	private final JavaType type;

	private final @Nullable BeanProperty property;

	PlainFormSerializer(JavaType type) {
		this(type, null);
	}

	private PlainFormSerializer(JavaType type, @Nullable BeanProperty property) {
		this.type = type;
		this.property = property;
	}

	@Override
	public ValueSerializer<?> createContextual(SerializationContext context, BeanProperty property) {
		return new PlainFormSerializer(this.type, property);
	}

	@Override
	public boolean isEmpty(SerializationContext context, Object value) {
		if (!LazyState.INSTANCE.isLoaded(value)) {
			return false;
		}
		Object plain = LazyState.INSTANCE.plain(value);
		return serializer(context, plain).isEmpty(context, plain);
	}

	@Override
	public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
		Object plain = plain(value, generator);
		serializer(context, plain).serialize(plain, generator, context);
	}

	@Override
	public void serializeWithType(Object value, JsonGenerator generator, SerializationContext context,
			TypeSerializer types) {
		Object plain = plain(value, generator);
		serializer(context, plain).serializeWithType(plain, generator, context, types);
	}

	private static Object plain(Object value, JsonGenerator generator) {
		if (!LazyState.INSTANCE.isLoaded(value)) {
			TokenStreamContext place = generator.streamWriteContext();
			Object owner = JsonPlace.owner(place);
			throw (owner != null) ? NotLoaded.at(owner, JsonPlace.of(place))
					: NotLoaded.alone(value, JsonPlace.of(place));
		}
		return LazyState.INSTANCE.plain(value);
	}

	/**
	 * Return the serializer of the plain object, which Jackson caches.
	 */
	private ValueSerializer<Object> serializer(SerializationContext context, Object plain) {
		return context.findPrimaryPropertySerializer(plainType(context.getTypeFactory(), plain), this.property);
	}

	@SuppressWarnings("unchecked")
	private JavaType plainType(TypeFactory types, Object plain) {
		if (this.type.isMapLikeType()) {
			return types.constructMapType((Class<? extends Map<?, ?>>) plain.getClass(), this.type.getKeyType(),
					this.type.getContentType());
		}
		if (this.type.isCollectionLikeType()) {
			return types.constructCollectionLikeType(plain.getClass(), this.type.getContentType());
		}
		return types.constructType(plain.getClass());
	}

}
