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

import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.ser.impl.UnknownSerializer;
import tools.jackson.databind.ser.jackson.JsonValueSerializer;
import tools.jackson.databind.ser.jdk.JDKKeySerializers;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.type.CollectionType;

import org.springframework.cache.interceptor.SimpleKey;

/**
 * The differences between keys and Jackson's defaults: sets are sorted, a
 * {@link SimpleKey} is written as its elements, and objects without a stable form are
 * refused. Jackson looks up the serializer of a class once, so the checks of a class run
 * once.
 */
@SuppressWarnings("serial")
final class KeySerializers extends ValueSerializerModifier {

	static SimpleModule module() {
		return new SimpleModule() {

			@Override
			public void setupModule(SetupContext context) {
				super.setupModule(context);
				if (LibraryTypes.isPresent("org.springframework.data.domain.Sort")) {
					context.addSerializers(new SpringDataKeys());
				}
			}

		}.setSerializerModifier(new KeySerializers())
			.addSerializer(new SimpleKeySerializer())
			.addSerializer(new LocaleSerializer());
	}

	@Override
	public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier description,
			ValueSerializer<?> serializer) {
		if (serializer instanceof KnownKeySerializer) {
			return serializer;
		}
		Class<?> type = description.getBeanClass();
		String objection = KeyTypes.objection(type);
		if (objection == null && serializer instanceof UnknownSerializer) {
			objection = type.getName() + " has no properties";
		}
		if (objection == null && serializer instanceof BeanSerializerBase && !type.isRecord()) {
			objection = KeyTypes.objection(type, description.get());
		}
		return (objection != null) ? new RefusingSerializer(objection) : serializer;
	}

	@Override
	public @Nullable ValueSerializer<?> modifyCollectionSerializer(SerializationConfig config, CollectionType type,
			BeanDescription.Supplier description, @Nullable ValueSerializer<?> serializer) {
		if (serializer == null || serializer instanceof JsonValueSerializer || type.isTypeOrSubTypeOf(List.class)) {
			return serializer;
		}
		return type.isTypeOrSubTypeOf(Set.class) ? new SetSerializer()
				: new RefusingSerializer(type.getRawClass().getName() + " is a collection without a stable order");
	}

	@Override
	public ValueSerializer<?> modifyKeySerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, ValueSerializer<?> serializer) {
		Class<?> raw = type.getRawClass();
		if (KeyTypes.canBeName(raw) || raw == Object.class || serializer instanceof JsonValueSerializer) {
			return serializer;
		}
		return Modifier.isAbstract(raw.getModifiers()) ? new JDKKeySerializers.Dynamic()
				: new RefusingSerializer(raw.getName() + " cannot be the key of a map in a cache key");
	}

	/**
	 * Fails when it is used, not when it is created: Jackson also creates serializers
	 * that it never uses.
	 */
	private static final class RefusingSerializer extends StdSerializer<Object> {

		private final String reason;

		RefusingSerializer(String reason) {
			super(Object.class);
			this.reason = reason;
		}

		@Override
		public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
			throw new UnstableKeyException(this.reason);
		}

	}

	/**
	 * Sorts the elements of a set by their JSON, because equal sets may have different
	 * iteration orders.
	 */
	private static final class SetSerializer extends StdSerializer<Set<?>> {

		SetSerializer() {
			super(Set.class);
		}

		@Override
		public void serialize(Set<?> elements, JsonGenerator generator, SerializationContext context) {
			List<String> texts = new ArrayList<>(elements.size());
			for (Object element : elements) {
				StringWriter text = new StringWriter();
				try (JsonGenerator elementGenerator = context.tokenStreamFactory().createGenerator(context, text)) {
					context.writeValue(elementGenerator, element);
				}
				texts.add(CanonicalJson.of(text.toString()));
			}
			Collections.sort(texts);
			generator.writeStartArray();
			texts.forEach(generator::writeRawValue);
			generator.writeEndArray();
		}

	}

	private static final class SimpleKeySerializer extends StdSerializer<SimpleKey> {

		SimpleKeySerializer() {
			super(SimpleKey.class);
		}

		@Override
		public void serialize(SimpleKey key, JsonGenerator generator, SerializationContext context) {
			context.writeValue(generator, SimpleKeys.elements(key));
		}

	}

	/**
	 * Refuses locales without their own language tag: that of {@code no_NO_NY} is
	 * {@code nn-NO}.
	 */
	private static final class LocaleSerializer extends StdSerializer<Locale> {

		LocaleSerializer() {
			super(Locale.class);
		}

		@Override
		public void serialize(Locale locale, JsonGenerator generator, SerializationContext context) {
			String tag = locale.toLanguageTag();
			if (!Locale.forLanguageTag(tag).equals(locale)) {
				throw new UnstableKeyException("it has a locale that no language tag names");
			}
			generator.writeString(tag);
		}

	}

}
