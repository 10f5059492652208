package io.psqache.codec;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Refuses exceptions, unless the application has a serializer for theirs.
 */
@SuppressWarnings("serial")
final class ExceptionForms extends ValueSerializerModifier {

	@Override
	public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier description,
			ValueSerializer<?> serializer) {
		Class<?> type = description.getBeanClass();
		return (Throwable.class.isAssignableFrom(type) && serializer instanceof BeanSerializerBase) ? new Refusal(type)
				: serializer;
	}

	private static final class Refusal extends StdSerializer<Object> {

		private final Class<?> type;

		Refusal(Class<?> type) {
			super(Object.class);
			this.type = type;
		}

		@Override
		public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
			throw Unstorable.exception(this.type);
		}

		@Override
		public void serializeWithType(Object value, JsonGenerator generator, SerializationContext context,
				TypeSerializer types) {
			serialize(value, generator, context);
		}

	}

}
