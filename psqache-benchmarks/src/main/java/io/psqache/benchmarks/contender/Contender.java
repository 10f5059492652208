package io.psqache.benchmarks.contender;

import io.psqache.benchmarks.server.ServerProcess;
import io.psqache.benchmarks.workload.Product;
import org.jspecify.annotations.Nullable;

/**
 * What every cache is reduced to, so that the same code can call them all. Thread-safe.
 */
public interface Contender extends AutoCloseable {

	/**
	 * Read an entry.
	 * @param key the key
	 * @return the value, {@code null} if there is none
	 * @throws Exception if it failed
	 */
	@Nullable Product get(String key) throws Exception;

	/**
	 * Write an entry.
	 * @param key the key
	 * @param product the value
	 * @throws Exception if it failed
	 */
	void put(String key, Product product) throws Exception;

	/**
	 * Wait until the server has every put that has returned. Most puts return no earlier.
	 * @throws Exception if that failed
	 */
	default void awaitApplied() throws Exception {
	}

	/**
	 * Read what another instance of the application would: what the server has, not what
	 * this one still means to tell it.
	 * @param key the key
	 * @return the value, {@code null} if there is none
	 * @throws Exception if it failed
	 */
	default @Nullable Product stored(String key) throws Exception {
		return get(key);
	}

	/**
	 * Failures so far that no exception told of.
	 * @return their number, which only grows
	 */
	default long silentFailures() {
		return 0;
	}

	/**
	 * Whose processor time its calls cost besides that of this process.
	 * @return the server
	 */
	ServerProcess server();

	@Override
	void close();

}
