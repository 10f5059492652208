package io.psqache.codec;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.jdk.JDKKeySerializers;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Refuses the keys of maps that Jackson would write as their {@code toString()}: a record
 * of one string would be read back with all of that as its string.
 */
@SuppressWarnings("serial")
final class KeyForms extends ValueSerializerModifier {

	@Override
	public ValueSerializer<?> modifyKeySerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, ValueSerializer<?> serializer) {
		boolean isToString = serializer instanceof JDKKeySerializers.Default
				&& !type.getRawClass().getName().startsWith("java.");
		return isToString ? new Refusal(type.getRawClass()) : serializer;
	}

	private static final class Refusal extends StdSerializer<Object> {

		private final Class<?> type;

		Refusal(Class<?> type) {
			super(Object.class);
			this.type = type;
		}

		@Override
		public void serialize(Object key, JsonGenerator generator, SerializationContext context) {
			throw new Unstorable(this.type, "it is the key of a map and has no form as one",
					"Give it a method with @JsonKey and a constructor or factory that takes its result,"
							+ " or use keys that are strings, numbers or enums.");
		}

	}

}
