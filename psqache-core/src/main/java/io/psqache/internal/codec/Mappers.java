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

import java.util.Collection;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.psqache.PsqacheJsonMapperCustomizer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.type.ReferenceType;

/**
 * The configuration of Jackson, which determines the stored JSON.
 * <p>
 * An entry that another version of a class wrote is read if that is safe. Unknown
 * properties are ignored, and missing properties are {@code null}. A missing primitive of
 * a constructor is an error, because 0 could be wrong. Strings are not converted to
 * numbers, nor fractions to integers.
 */
final class Mappers {

	/**
	 * The maximum length of a map key: 10 times Jackson's default.
	 */
	private static final int MAX_NAME_LENGTH = 500_000;

	private Mappers() {
	}

	/**
	 * Create a mapper without tags: names in the JSON create no objects. The customizers
	 * are applied before the settings of psqache, so they cannot disable them.
	 */
	static JsonMapper plain(TrustedTypes trustedTypes, @Nullable ClassLoader classLoader,
			Collection<PsqacheJsonMapperCustomizer> customizers) {
		StreamReadConstraints constraints = StreamReadConstraints.builder().maxNameLength(MAX_NAME_LENGTH).build();
		JsonMapper.Builder builder = JsonMapper
			.builder(JsonFactory.builder().streamReadConstraints(constraints).build());
		LibraryTypes.addTo(builder); // First, so that the application can replace these.
		customizers.forEach((customizer) -> customizer.customize(builder));
		return builder.typeFactory(new IdleTypeFactory(classLoader))
			.deactivateDefaultTyping()
			.polymorphicTypeValidator(trustedTypes)
			.addModule(CollectionTypes.module())
			.addModule(forms())
			.addModule(EntityModule.ofValues())
			.enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY, MapperFeature.USE_GETTERS_AS_SETTERS)
			.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
			.enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
			.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE, DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID)
			.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
			.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
			.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
			.build();
	}

	/**
	 * Create a mapper with tags and otherwise the settings of the plain one.
	 */
	static JsonMapper tagging(JsonMapper plain, TrustedTypes trustedTypes) {
		return plain.rebuild().setDefaultTyping(new TagTyping(trustedTypes)).build();
	}

	private static SimpleModule forms() {
		SimpleModule module = new SimpleModule("psqache-forms") {

			@Override
			public void setupModule(SetupContext context) {
				super.setupModule(context);
				context.addSerializers(new Optionals());
				context.addSerializerModifier(new RefusedTypes());
			}

		};
		module.setSerializerModifier(new KeyForms());
		module.setDeserializerModifier(new FinalCollections());
		module.addDeserializer(Class.class, new NoClass());
		module.addKeyDeserializer(Class.class, new NoClassAsKey());
		return module;
	}

	/**
	 * Refuses {@link Class} values: Jackson would load and initialize any named class.
	 */
	private static final class NoClass extends StdDeserializer<Class<?>> {

		NoClass() {
			super(Class.class);
		}

		@Override
		public Class<?> deserialize(JsonParser parser, DeserializationContext context) {
			throw context.weirdStringException("", Class.class, "classes are not read");
		}

	}

	private static final class NoClassAsKey extends KeyDeserializer {

		@Override
		public Object deserializeKey(String key, DeserializationContext context) {
			throw context.weirdKeyException(Class.class, "", "classes are not read");
		}

	}

	@SuppressWarnings("NullAway") // Jackson has no nullness annotations.
	private static final class Optionals implements Serializers {

		@Override
		public @Nullable ValueSerializer<?> findReferenceSerializer(SerializationConfig config, ReferenceType type,
				BeanDescription.Supplier description, JsonFormat.Value format, TypeSerializer contentTypes,
				ValueSerializer<Object> contents) {
			return type.hasRawClass(Optional.class) ? new OptionalSerializer(type, contentTypes, contents) : null;
		}

	}

}
