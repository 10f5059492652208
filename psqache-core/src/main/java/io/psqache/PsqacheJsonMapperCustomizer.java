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

package io.psqache;

import tools.jackson.databind.json.JsonMapper;

/**
 * Callback interface for beans that add modules to psqache's JSON mapper, for classes
 * that Jackson does not support. The mapper is separate from the application's: neither
 * uses the modules of the other.
 * <p>
 * Customizers are called in their order. Settings that protect against hostile rows (type
 * factory, type names, trusted classes) are applied afterwards and cannot be changed
 * here. A class that a module reads must be in a trusted package. The author of a
 * deserializer is responsible for handling untrusted JSON.
 * <p>
 * A change of modules changes the format of stored entries: clear the cache, or give it
 * another name.
 */
@FunctionalInterface
public interface PsqacheJsonMapperCustomizer {

	/**
	 * Customize the mapper.
	 * @param builder the builder of the mapper
	 */
	void customize(JsonMapper.Builder builder);

}
