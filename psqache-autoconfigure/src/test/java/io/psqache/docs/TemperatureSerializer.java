package io.psqache.docs;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

final class TemperatureSerializer extends StdSerializer<Temperature> {

	TemperatureSerializer() {
		super(Temperature.class);
	}

	@Override
	public void serialize(Temperature value, JsonGenerator generator, SerializationContext context) {
		generator.writeNumber(value.toKelvin());
	}

}
