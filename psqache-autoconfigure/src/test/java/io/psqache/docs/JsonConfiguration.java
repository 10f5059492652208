package io.psqache.docs;

import io.psqache.codec.PsqacheJsonMapperCustomizer;
import tools.jackson.databind.module.SimpleModule;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class JsonConfiguration {

	@Bean
	PsqacheJsonMapperCustomizer temperatures() {
		SimpleModule module = new SimpleModule("temperatures");
		module.addSerializer(Temperature.class, new TemperatureSerializer());
		module.addDeserializer(Temperature.class, new TemperatureDeserializer());
		return (mapper) -> mapper.addModule(module);
	}

}
