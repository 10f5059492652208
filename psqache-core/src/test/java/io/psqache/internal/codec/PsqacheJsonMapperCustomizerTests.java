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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.psqache.PsqacheJsonMapperCustomizer;
import io.psqache.Storage;
import io.psqache.StoreException;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PsqacheJsonMapperCustomizerTests {

	private static final PsqacheJsonMapperCustomizer TEMPERATURES = (builder) -> builder
		.addModule(new SimpleModule("temperatures").addSerializer(Temperature.class, new TemperatureSerializer())
			.addDeserializer(Temperature.class, new TemperatureDeserializer()));

	@Test
	void moduleAddsUnsupportedType() {
		Weather weather = new Weather("Oslo", Temperature.ofCelsius(-3.5));
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> codec().decode(codec().encode(Temperature.ofCelsius(1))));

		ValueCodec codec = codec(TEMPERATURES);
		StoredValue stored = codec.encode(weather);
		assertThat(stored.json()).isEqualTo("{\"city\":\"Oslo\",\"temperature\":-3.5}");
		assertThat(codec.decode(stored)).isEqualTo(weather);
		assertThat(codec.decode(codec.encode(Temperature.ofCelsius(1)))).isEqualTo(Temperature.ofCelsius(1));
	}

	@Test
	void customizersAreAppliedInOrder() {
		List<Integer> order = new ArrayList<>();
		codec((builder) -> order.add(1), (builder) -> order.add(2));
		assertThat(order).containsExactly(1, 2);
	}

	/**
	 * With the setting of the customizer, the mapper would instantiate any class that a
	 * row names.
	 */
	@Test
	void trustCannotBeDisabled() {
		String json = "{\"value\":{\"@class\":\"java.io.File\",\"path\":\"/\"}}";
		StoredValue tagged = StoredValue.json(json, "v1,tagged " + Holder.class.getName());
		StoredValue plain = StoredValue.json(json, "v1 " + Holder.class.getName());
		for (PsqacheJsonMapperCustomizer careless : List.<PsqacheJsonMapperCustomizer>of(
				JsonMapper.Builder::deactivateDefaultTyping, (builder) -> builder.polymorphicTypeValidator(anything()),
				(builder) -> builder.activateDefaultTypingAsProperty(anything(), DefaultTyping.NON_FINAL, "@class"))) {
			ValueCodec codec = codec(careless);
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> codec.decode(tagged))
				.withMessageContaining("java.io.File");
			assertThat(codec.decode(plain)).isEqualTo(new Holder(Map.of("@class", "java.io.File", "path", "/")));
		}
	}

	private static BasicPolymorphicTypeValidator anything() {
		return BasicPolymorphicTypeValidator.builder().allowIfSubType(Object.class).build();
	}

	private static ValueCodec codec(PsqacheJsonMapperCustomizer... customizers) {
		return new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null, List.of(customizers), List.of(), false)
			.codec("weather", Storage.JSONB, null);
	}

	record Weather(String city, Temperature temperature) {

	}

	record Holder(Object value) {

	}

	/**
	 * A class without properties to write and without a constructor to read.
	 */
	static final class Temperature {

		private final double kelvin;

		private Temperature(double kelvin) {
			this.kelvin = kelvin;
		}

		static Temperature ofCelsius(double degrees) {
			return new Temperature(degrees + 273.15);
		}

		double inCelsius() {
			return Math.round((this.kelvin - 273.15) * 1_000) / 1_000.0;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Temperature temperature && temperature.kelvin == this.kelvin;
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.kelvin);
		}

	}

	static final class TemperatureSerializer extends StdSerializer<Temperature> {

		TemperatureSerializer() {
			super(Temperature.class);
		}

		@Override
		public void serialize(Temperature value, JsonGenerator json, SerializationContext context) {
			json.writeNumber(value.inCelsius());
		}

	}

	static final class TemperatureDeserializer extends StdDeserializer<Temperature> {

		TemperatureDeserializer() {
			super(Temperature.class);
		}

		@Override
		public Temperature deserialize(JsonParser json, DeserializationContext context) {
			return Temperature.ofCelsius(json.getDoubleValue());
		}

	}

}
