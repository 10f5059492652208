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
import java.util.Arrays;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;

/**
 * The stored form of a {@code ResponseEntity}: status, headers and body. This class is
 * loaded only if Spring Web is on the class path.
 */
@SuppressWarnings("unused") // Jackson reads the forms, but does not call them.
final class HttpTypes {

	private HttpTypes() {
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	static SimpleModule module() {
		Class readOnly = HttpHeaders.readOnlyHttpHeaders(new HttpHeaders()).getClass();
		return new SimpleModule("psqache-http").setMixInAnnotation(ResponseEntity.class, ResponseForm.class)
			.addSerializer(HttpHeaders.class, new HeadersSerializer())
			.addDeserializer(HttpHeaders.class, new HeadersDeserializer(HttpHeaders.class))
			.addDeserializer(readOnly, new HeadersDeserializer(readOnly));
	}

	@JsonIncludeProperties({ "status", "headers", "body" })
	private abstract static class ResponseForm<T> {

		@JsonCreator
		ResponseForm(@JsonProperty("body") @Nullable T body, @JsonProperty("headers") HttpHeaders headers,
				@JsonProperty("status") int status) {
		}

		@JsonProperty("status")
		@JsonSerialize(using = StatusSerializer.class)
		abstract HttpStatusCode getStatusCode();

	}

	/**
	 * Writes the status code as a number, for any implementation of
	 * {@link HttpStatusCode}.
	 */
	private static final class StatusSerializer extends StdSerializer<HttpStatusCode> {

		StatusSerializer() {
			super(HttpStatusCode.class);
		}

		@Override
		public void serialize(HttpStatusCode status, JsonGenerator generator, SerializationContext context) {
			generator.writeNumber(status.value());
		}

		@Override
		public void serializeWithType(HttpStatusCode status, JsonGenerator generator, SerializationContext context,
				TypeSerializer types) {
			serialize(status, generator, context);
		}

	}

	private static final class HeadersSerializer extends StdSerializer<HttpHeaders> {

		HeadersSerializer() {
			super(HttpHeaders.class);
		}

		@Override
		public void serialize(HttpHeaders headers, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject(headers);
			writeValues(headers, generator);
			generator.writeEndObject();
		}

		@Override
		public void serializeWithType(HttpHeaders headers, JsonGenerator generator, SerializationContext context,
				TypeSerializer types) {
			WritableTypeId id = types.writeTypePrefix(generator, context,
					types.typeId(headers, JsonToken.START_OBJECT));
			writeValues(headers, generator);
			types.writeTypeSuffix(generator, context, id);
		}

		private static void writeValues(HttpHeaders headers, JsonGenerator generator) {
			headers.forEach((name, values) -> {
				generator.writeName(name);
				generator.writeStartArray();
				values.forEach(generator::writeString);
				generator.writeEndArray();
			});
		}

	}

	private static final class HeadersDeserializer extends StdDeserializer<HttpHeaders> {

		HeadersDeserializer(Class<?> type) {
			super(type);
		}

		@Override
		public HttpHeaders deserialize(JsonParser parser, DeserializationContext context) {
			HttpHeaders headers = new HttpHeaders();
			JsonToken token = parser.isExpectedStartObjectToken() ? parser.nextToken() : parser.currentToken();
			for (; token == JsonToken.PROPERTY_NAME; token = parser.nextToken()) {
				String name = parser.currentName();
				parser.nextToken();
				headers.put(name, new ArrayList<>(Arrays.asList(context.readValue(parser, String[].class))));
			}
			return (handledType() == HttpHeaders.class) ? headers : HttpHeaders.readOnlyHttpHeaders(headers);
		}

	}

}
