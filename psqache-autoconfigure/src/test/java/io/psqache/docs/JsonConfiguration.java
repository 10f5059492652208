package io.psqache.docs;

import io.psqache.codec.PsqacheJsonMapperCustomizer;
import tools.jackson.databind.module.SimpleModule;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class JsonConfiguration {

	@Bean
	PsqacheJsonMapperCustomizer temperatures() {
		return (mapper) -> mapper.addModule(new SimpleModule("temperatures")
			.addSerializer(Temperature.class, new TemperatureSerializer())
			.addDeserializer(Temperature.class, new TemperatureDeserializer()));
	}

}
