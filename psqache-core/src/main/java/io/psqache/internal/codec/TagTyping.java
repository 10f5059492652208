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

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.TreeNode;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

/**
 * Tells Jackson to look for tags wherever a value's class may be another than the
 * declared one. Types with a {@code @JsonTypeInfo} of their own never come here.
 */
@SuppressWarnings("NullAway") // Jackson's classes say nothing of nulls
final class TagTyping extends StdTypeResolverBuilder {

	private final TrustedTypes trustedTypes;

	TagTyping(TrustedTypes trustedTypes) {
		super(JsonTypeInfo.Id.CLASS, JsonTypeInfo.As.PROPERTY, TagSerializer.CLASS);
		this.trustedTypes = trustedTypes;
	}

	@Override
	public StdTypeResolverBuilder withDefaultImpl(Class<?> defaultImpl) {
		return this;
	}

	@Override
	public @Nullable TypeSerializer buildTypeSerializer(SerializationContext context, JavaType place,
			Collection<NamedType> subtypes) {
		return isOpen(place) ? new TagSerializer(place, new Names(place, this.trustedTypes),
				new Tags(this.trustedTypes, context.getTypeFactory())) : null;
	}

	@Override
	public @Nullable TypeDeserializer buildTypeDeserializer(DeserializationContext context, JavaType place,
			Collection<NamedType> subtypes) {
		return isOpen(place) ? new TagDeserializer(place, new Names(place, this.trustedTypes)) : null;
	}

	/**
	 * What an {@code Optional} holds has a place of its own.
	 */
	private static boolean isOpen(JavaType place) {
		if (place.isArrayType()) {
			return !place.getContentType().isPrimitive();
		}
		return !place.isPrimitive() && !place.isFinal() && !place.isEnumType() && !place.isReferenceType()
				&& !TreeNode.class.isAssignableFrom(place.getRawClass());
	}

	/**
	 * Classes by their canonical names, each of which is looked up among those trusted
	 * before any is loaded.
	 */
	@SuppressWarnings("serial")
	private static final class Names extends TypeIdResolverBase {

		private final TrustedTypes trustedTypes;

		Names(JavaType place, TrustedTypes trustedTypes) {
			super(place);
			this.trustedTypes = trustedTypes;
		}

		@Override
		public JsonTypeInfo.Id getMechanism() {
			return JsonTypeInfo.Id.CLASS;
		}

		@Override
		public String idFromValue(DatabindContext context, Object value) {
			return value.getClass().getName();
		}

		@Override
		public String idFromValueAndType(DatabindContext context, Object value, Class<?> type) {
			return type.getName();
		}

		@Override
		public JavaType typeFromId(DatabindContext context, String id) {
			if (!this.trustedTypes.containsAll(id)) {
				throw ((DeserializationContext) context).invalidTypeIdException(this._baseType, id, "not trusted");
			}
			JavaType type = context.resolveAndValidateSubType(this._baseType, id, this.trustedTypes);
			if (type == null || !ValueTypes.fits(type, this._baseType)) {
				throw ((DeserializationContext) context).invalidTypeIdException(this._baseType, id,
						"no class that fits");
			}
			return type;
		}

	}

}
