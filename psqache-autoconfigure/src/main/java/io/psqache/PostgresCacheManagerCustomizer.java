package io.psqache;

/**
 * Changes the cache manager before it is built. A bean of this type is applied by the
 * auto-configuration, after the properties.
 */
@FunctionalInterface
public interface PostgresCacheManagerCustomizer {

	/**
	 * Change the cache manager to be built.
	 * @param builder the builder
	 */
	void customize(PostgresCacheManager.Builder builder);

}
