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

import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.SliceImpl;
import org.springframework.data.domain.Sort;

/**
 * The stored forms of Spring Data's pages, slices, page requests and sorts, which have
 * neither setters nor constructor parameters with the names of their properties. This
 * class is loaded only if Spring Data is on the class path.
 */
@SuppressWarnings({ "unused", "DoNotCallSuggester" }) // Jackson reads the forms.
final class SpringDataTypes {

	private SpringDataTypes() {
	}

	static SimpleModule module() {
		return new SimpleModule("psqache-spring-data").setMixInAnnotation(PageImpl.class, PageForm.class)
			.setMixInAnnotation(SliceImpl.class, SliceForm.class)
			.setMixInAnnotation(PageRequest.class, PageRequestForm.class)
			.setMixInAnnotation(Pageable.unpaged().getClass(), UnpagedForm.class)
			.setMixInAnnotation(Sort.class, SortForm.class)
			.setMixInAnnotation(Sort.Order.class, OrderForm.class)
			.addSerializer(new SortSerializer());
	}

	@JsonIncludeProperties({ "content", "pageable", "total" })
	private abstract static class PageForm<T> {

		@JsonCreator
		PageForm(@JsonProperty("content") List<T> content, @JsonProperty("pageable") Pageable pageable,
				@JsonProperty("total") long total) {
		}

		@JsonProperty("total")
		abstract long getTotalElements();

	}

	@JsonIncludeProperties({ "content", "pageable", "hasNext" })
	private abstract static class SliceForm<T> {

		@JsonCreator
		SliceForm(@JsonProperty("content") List<T> content, @JsonProperty("pageable") Pageable pageable,
				@JsonProperty("hasNext") boolean hasNext) {
		}

		@JsonProperty("hasNext")
		abstract boolean hasNext();

	}

	@JsonIncludeProperties({ "page", "size", "sort" })
	private abstract static class PageRequestForm {

		@JsonCreator
		static PageRequest of(@JsonProperty("page") int page, @JsonProperty("size") int size,
				@JsonProperty("sort") Sort sort) {
			return PageRequest.of(page, size, sort);
		}

		@JsonProperty("page")
		abstract int getPageNumber();

		@JsonProperty("size")
		abstract int getPageSize();

	}

	@JsonIncludeProperties("sort")
	private abstract static class UnpagedForm {

		@JsonCreator
		UnpagedForm(@JsonProperty("sort") Sort sort) {
		}

	}

	private abstract static class SortForm {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		static Sort by(List<Sort.Order> orders) {
			return Sort.by(orders);
		}

	}

	/**
	 * Writes the orders. A subclass of {@code Order}, such as JPA's unsafe order, may
	 * have additional state and is refused.
	 */
	private static final class SortSerializer extends StdSerializer<Sort> {

		SortSerializer() {
			super(Sort.class);
		}

		@Override
		public void serialize(Sort sort, JsonGenerator generator, SerializationContext context) {
			generator.writeStartArray();
			writeOrders(sort, generator, context);
			generator.writeEndArray();
		}

		@Override
		public void serializeWithType(Sort sort, JsonGenerator generator, SerializationContext context,
				TypeSerializer types) {
			WritableTypeId id = types.writeTypePrefix(generator, context, types.typeId(sort, JsonToken.START_ARRAY));
			writeOrders(sort, generator, context);
			types.writeTypeSuffix(generator, context, id);
		}

		private static void writeOrders(Sort sort, JsonGenerator generator, SerializationContext context) {
			ValueSerializer<Object> serializer = context.findValueSerializer(Sort.Order.class);
			for (Sort.Order order : sort) {
				if (order.getClass() != Sort.Order.class) {
					throw new UnstorableValueException(order.getClass(), "it may have state besides its properties",
							"Use Sort.Order.");
				}
				serializer.serialize(order, generator, context);
			}
		}

	}

	@JsonIncludeProperties({ "direction", "property", "ignoreCase", "nullHandling" })
	private abstract static class OrderForm {

		@JsonCreator
		OrderForm(@JsonProperty("direction") Sort.Direction direction, @JsonProperty("property") String property,
				@JsonProperty("ignoreCase") boolean ignoreCase,
				@JsonProperty("nullHandling") Sort.NullHandling nullHandling) {
		}

	}

}
