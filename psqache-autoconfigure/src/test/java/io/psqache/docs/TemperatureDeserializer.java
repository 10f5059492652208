package io.psqache.docs;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

final class TemperatureDeserializer extends StdDeserializer<Temperature> {

	TemperatureDeserializer() {
		super(Temperature.class);
	}

	@Override
	public Temperature deserialize(JsonParser parser, DeserializationContext context) {
		return Temperature.ofKelvin(parser.getDoubleValue());
	}

}
