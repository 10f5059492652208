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

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;

/**
 * Writes loaded Hibernate proxies and collections as plain objects, and refuses unloaded
 * ones. Hibernate's own module for Jackson writes {@code null} for these: a hit would
 * differ from the miss, and a {@code merge} would empty the collection.
 */
@SuppressWarnings({ "serial", "NullAway" }) // Jackson has no nullness annotations.
final class EntityModule extends SimpleModule {

	private final boolean isRead;

	private EntityModule(boolean isRead) {
		super("psqache-entities");
		this.isRead = isRead;
	}

	static EntityModule ofValues() {
		return new EntityModule(true);
	}

	/**
	 * Create a module for keys. psqache does not read keys back; {@link KeyTypes} checks
	 * their content.
	 */
	static EntityModule ofKeys() {
		return new EntityModule(false);
	}

	@Override
	public void setupModule(SetupContext context) {
		super.setupModule(context);
		if (LazyState.INSTANCE.isPossible()) {
			context.addSerializers(new StandIns());
			context.addSerializerModifier(new EntityGuards(this.isRead));
		}
	}

	private static final class StandIns implements Serializers {

		@Override
		public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
				BeanDescription.Supplier description, JsonFormat.Value format) {
			return of(type);
		}

		@Override
		public @Nullable ValueSerializer<?> findCollectionSerializer(SerializationConfig config, CollectionType type,
				BeanDescription.Supplier description, JsonFormat.Value format, TypeSerializer elementTypes,
				ValueSerializer<Object> elements) {
			return of(type);
		}

		@Override
		public @Nullable ValueSerializer<?> findMapSerializer(SerializationConfig config, MapType type,
				BeanDescription.Supplier description, JsonFormat.Value format, ValueSerializer<Object> keys,
				TypeSerializer elementTypes, ValueSerializer<Object> elements) {
			return of(type);
		}

		private static @Nullable ValueSerializer<?> of(JavaType type) {
			return LazyState.INSTANCE.isStandIn(type.getRawClass()) ? new PlainFormSerializer(type) : null;
		}

	}

}
