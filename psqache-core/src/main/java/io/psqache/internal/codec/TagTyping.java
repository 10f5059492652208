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
 * Enables tags in Jackson for every place whose runtime class may differ from the
 * declared class. Jackson does not use it for types with their own {@code @JsonTypeInfo}.
 */
@SuppressWarnings("NullAway") // Jackson has no nullness annotations.
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
	 * Return whether the runtime class may differ from the declared class. An
	 * {@code Optional} gets no tag, because its content has its own place.
	 */
	private static boolean isOpen(JavaType place) {
		if (place.isArrayType()) {
			return !place.getContentType().isPrimitive();
		}
		return !place.isPrimitive() && !place.isFinal() && !place.isEnumType() && !place.isReferenceType()
				&& !TreeNode.class.isAssignableFrom(place.getRawClass());
	}

	/**
	 * Resolves canonical class names. Each name must be trusted before its class is
	 * loaded.
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
