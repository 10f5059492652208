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
 * A bean of this type adds modules to the mapper that makes JSON of values and values of
 * JSON, for classes that Jackson cannot store by itself. The mapper is psqache's own:
 * neither does it see the application's modules, nor does the application see it.
 * <p>
 * Beans are applied in their order. What values need to come back as they were, and what
 * keeps hostile rows from making objects (the type factory, the naming of classes and the
 * list of those that may be named), is set after them and cannot be changed here: a class
 * that a module reads must be in a trusted package like any other. What a deserializer
 * does with the JSON it is given is the responsibility of its author.
 * <p>
 * To change a module changes the form of the entries that are stored already: give the
 * cache a new name then, or clear it.
 */
@FunctionalInterface
public interface PsqacheJsonMapperCustomizer {

	/**
	 * Add to the mapper.
	 * @param builder builds the mapper
	 */
	void customize(JsonMapper.Builder builder);

}
