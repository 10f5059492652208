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
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.util.JsonParserSequence;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.TypeDeserializerBase;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Reads the JSON of {@link TagSerializer}. A value without a tag is of the type that its
 * place declares.
 */
@SuppressWarnings({ "serial", "NullAway" }) // Jackson has no nullness annotations.
final class TagDeserializer extends TypeDeserializerBase {

	/**
	 * The maximum number of class names whose deserializers a place caches.
	 */
	private static final int MAX_NAMES = 1_000;

	/**
	 * The deserializers of untagged arrays and objects if any type is allowed. Looking
	 * one up takes longer than to read an object.
	 */
	private final Map<JsonToken, ValueDeserializer<Object>> untagged = new ConcurrentHashMap<>();

	TagDeserializer(JavaType place, TypeIdResolver ids) {
		super(place, ids, TagSerializer.CLASS, false, place);
	}

	private TagDeserializer(TagDeserializer source, BeanProperty property) {
		super(source, property);
	}

	@Override
	public TypeDeserializer forProperty(BeanProperty property) {
		return new TagDeserializer(this, property);
	}

	@Override
	public JsonTypeInfo.As getTypeInclusion() {
		return JsonTypeInfo.As.PROPERTY;
	}

	@Override
	public Object deserializeTypedFromObject(JsonParser parser, DeserializationContext context) {
		return read(parser, context);
	}

	@Override
	public Object deserializeTypedFromArray(JsonParser parser, DeserializationContext context) {
		return read(parser, context);
	}

	@Override
	public Object deserializeTypedFromScalar(JsonParser parser, DeserializationContext context) {
		return read(parser, context);
	}

	@Override
	public Object deserializeTypedFromAny(JsonParser parser, DeserializationContext context) {
		return read(parser, context);
	}

	private Object read(JsonParser parser, DeserializationContext context) {
		return (parser.isExpectedStartObjectToken() || parser.hasToken(JsonToken.PROPERTY_NAME))
				? readObject(parser, context) : readPlain(parser, context);
	}

	/**
	 * Read an object. PostgreSQL sorts properties by their length first, so the
	 * properties before the tag are buffered.
	 */
	private Object readObject(JsonParser parser, DeserializationContext context) {
		JsonToken token = parser.hasToken(JsonToken.PROPERTY_NAME) ? parser.currentToken() : parser.nextToken();
		TokenBuffer before = null;
		for (; token == JsonToken.PROPERTY_NAME; token = parser.nextToken()) {
			String name = parser.currentName();
			parser.nextToken();
			if (name.equals(TagSerializer.CLASS) && parser.hasToken(JsonToken.VALUE_STRING)) {
				return readTagged(parser, context, before, parser.getString());
			}
			if (before == null) {
				before = context.bufferForInputBuffering(parser);
				before.writeStartObject();
			}
			before.writeName(name);
			before.copyCurrentStructure(parser);
		}
		if (before == null) {
			before = context.bufferForInputBuffering(parser);
			before.writeStartObject();
		}
		before.writeEndObject();
		JsonParser again = before.asParser(context, parser);
		again.nextToken();
		return readPlain(again, context);
	}

	private Object readTagged(JsonParser parser, DeserializationContext context, @Nullable TokenBuffer before,
			String name) {
		if (this._deserializers.size() > MAX_NAMES) {
			this._deserializers.clear(); // So many names indicate modified rows.
		}
		ValueDeserializer<Object> deserializer = _findDeserializer(context, name);
		JsonToken next = parser.nextToken();
		if (before == null && next == JsonToken.PROPERTY_NAME && parser.currentName().equals(TagSerializer.CONTENT)) {
			Object value = (parser.nextToken() == JsonToken.VALUE_NULL) ? deserializer.getNullValue(context)
					: deserializer.deserialize(parser, context);
			if (parser.nextToken() != JsonToken.END_OBJECT) {
				context.reportWrongTokenException(baseType(), JsonToken.END_OBJECT, "nothing follows the content");
			}
			return value;
		}
		if (before == null) {
			// A deserializer accepts the first property as the current token.
			return deserializer.deserialize(parser, context);
		}
		JsonParser whole = JsonParserSequence.createFlattened(true, before.asParser(context, parser), parser);
		whole.nextToken();
		return deserializer.deserialize(whole, context);
	}

	private Object readPlain(JsonParser parser, DeserializationContext context) {
		if (!this._baseType.isJavaLangObject()) {
			return _findDefaultImplDeserializer(context).deserialize(parser, context);
		}
		JsonToken first = parser.currentToken();
		return switch (first) {
			case START_ARRAY,
					START_OBJECT ->
				this.untagged
					.computeIfAbsent(first,
							(key) -> context.findContextualValueDeserializer(
									CollectionTypes.natural(context.getTypeFactory(), key), this._property))
					.deserialize(parser, context);
			default -> _findDefaultImplDeserializer(context).deserialize(parser, context);
		};
	}

}
