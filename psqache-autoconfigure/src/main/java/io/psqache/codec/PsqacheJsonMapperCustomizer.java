package io.psqache.codec;

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
