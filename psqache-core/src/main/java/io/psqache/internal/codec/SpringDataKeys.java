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

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.Serializers;

import org.springframework.data.domain.Limit;
import org.springframework.data.domain.OffsetScrollPosition;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;

/**
 * Writes Spring Data's {@code Pageable}, {@code Sort}, {@code Limit} and scroll positions
 * as keys. Only classes with known state are supported, because a subclass may have
 * additional state that distinguishes keys. This class is loaded only if Spring Data is
 * on the class path.
 */
final class SpringDataKeys implements Serializers {

	/**
	 * A {@code Sort} with recorded method calls. The class is deprecated, so its name is
	 * used.
	 */
	private static final String TYPED_SORT = "org.springframework.data.domain.Sort$TypedSort";

	private static final Map<Class<?>, ValueSerializer<?>> SERIALIZERS = Map.of(PageRequest.class,
			new PageableSerializer(), Pageable.unpaged().getClass(), new PageableSerializer(), Sort.class,
			new SortSerializer(), Sort.Order.class, new OrderSerializer(), Limit.unlimited().getClass(),
			new LimitSerializer(), Limit.of(1).getClass(), new LimitSerializer(), OffsetScrollPosition.class,
			new OffsetSerializer());

	@Override
	public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, JsonFormat.Value format) {
		return serializer(type.getRawClass());
	}

	private static @Nullable ValueSerializer<?> serializer(Class<?> type) {
		return SERIALIZERS.get(type.getName().equals(TYPED_SORT) ? Sort.class : type);
	}

	@SuppressWarnings("serial")
	private static final class PageableSerializer extends KnownKeySerializer<Pageable> {

		PageableSerializer() {
			super(Pageable.class);
		}

		@Override
		public void serialize(Pageable pageable, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject();
			if (pageable.isPaged()) {
				generator.writeNumberProperty("page", pageable.getPageNumber());
				generator.writeNumberProperty("size", pageable.getPageSize());
			}
			else {
				generator.writeBooleanProperty("paged", false);
			}
			writeOrders(pageable.getSort(), generator, context);
			generator.writeEndObject();
		}

	}

	@SuppressWarnings("serial")
	private static final class SortSerializer extends KnownKeySerializer<Sort> {

		SortSerializer() {
			super(Sort.class);
		}

		/**
		 * Writes an object, because an empty array is the key of a method without
		 * arguments.
		 */
		@Override
		public void serialize(Sort sort, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject();
			writeOrders(sort, generator, context);
			generator.writeEndObject();
		}

	}

	private static void writeOrders(Sort sort, JsonGenerator generator, SerializationContext context) {
		if (serializer(sort.getClass()) == null) {
			throw new UnstableKeyException(
					sort.getClass().getName() + " extends Spring Data's Sort and may have state besides its orders");
		}
		generator.writeName("sort");
		context.writeValue(generator, sort.toList());
	}

	/**
	 * Writes the property and the direction, and other attributes only if they are not
	 * the default.
	 */
	@SuppressWarnings("serial")
	private static final class OrderSerializer extends KnownKeySerializer<Sort.Order> {

		OrderSerializer() {
			super(Sort.Order.class);
		}

		@Override
		public void serialize(Sort.Order order, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject();
			generator.writeStringProperty("property", order.getProperty());
			generator.writeStringProperty("direction", order.getDirection().name());
			if (order.isIgnoreCase()) {
				generator.writeBooleanProperty("ignoreCase", true);
			}
			if (order.getNullHandling() != Sort.NullHandling.NATIVE) {
				generator.writeStringProperty("nullHandling", order.getNullHandling().name());
			}
			generator.writeEndObject();
		}

	}

	@SuppressWarnings("serial")
	private static final class LimitSerializer extends KnownKeySerializer<Limit> {

		LimitSerializer() {
			super(Limit.class);
		}

		@Override
		public void serialize(Limit limit, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject();
			if (limit.isLimited()) {
				generator.writeNumberProperty("limit", limit.max());
			}
			else {
				generator.writeNullProperty("limit");
			}
			generator.writeEndObject();
		}

	}

	@SuppressWarnings("serial")
	private static final class OffsetSerializer extends KnownKeySerializer<OffsetScrollPosition> {

		OffsetSerializer() {
			super(OffsetScrollPosition.class);
		}

		/**
		 * Writes {@code null} for the initial position, which has no offset.
		 */
		@Override
		public void serialize(OffsetScrollPosition position, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject();
			if (position.isInitial()) {
				generator.writeNullProperty("offset");
			}
			else {
				generator.writeNumberProperty("offset", position.getOffset());
			}
			generator.writeEndObject();
		}

	}

}
