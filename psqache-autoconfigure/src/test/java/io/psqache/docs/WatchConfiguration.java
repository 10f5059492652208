package io.psqache.docs;

import io.psqache.watch.TableWatch;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

	@Bean
	static TableWatch changedPrices() {
		return TableWatch.evicting("price", "prices", "region", "isbn");
	}

}
