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

package io.psqache.autoconfigure;

import io.psqache.CacheKeyConverter;
import io.psqache.CacheMonitor;
import io.psqache.CacheValueCodec;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.PostgresCacheManagerBuilderCustomizer;
import io.psqache.PsqacheJsonMapperCustomizer;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The application's beans that extend its cache manager. They are looked up when the
 * cache manager is built.
 */
record BuilderExtensions(ObjectProvider<CacheMonitor> monitors, ObjectProvider<CacheKeyConverter> keyConverters,
		ObjectProvider<PsqacheJsonMapperCustomizer> jsonCustomizers, ObjectProvider<CacheValueCodec> valueCodecs,
		ObjectProvider<PostgresCacheManagerBuilderCustomizer> customizers) {

	/**
	 * Apply the beans, the customizers last, so that they can override the others.
	 */
	void applyTo(PostgresCacheManagerBuilder builder) {
		this.monitors.orderedStream().forEach(builder::monitor);
		builder.keyConverters(this.keyConverters.orderedStream().toList())
			.jsonMapperCustomizers(this.jsonCustomizers.orderedStream().toList())
			.valueCodecs(this.valueCodecs.orderedStream().toList());
		this.customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
	}

}
