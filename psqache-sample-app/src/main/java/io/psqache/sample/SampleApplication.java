package io.psqache.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;

/**
 * The sample application. The starter on the class path and {@code @EnableCaching} are
 * all that psqache needs.
 */
@SpringBootApplication(proxyBeanMethods = false)
@EnableCaching
class SampleApplication {

	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

}
