package io.psqache.benchmarks.contender;

import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * A cache, reduced to the two calls that are compared. Thread-safe.
 */
public interface Contender extends AutoCloseable {

	/**
	 * Read an entry.
	 * @param key the key
	 * @return the value, {@code null} if there is none
	 * @throws Exception if the read fails
	 */
	@Nullable Product get(String key) throws Exception;

	/**
	 * Write an entry. Returns when it is stored.
	 * @param key the key
	 * @param product the value
	 * @throws Exception if the write fails
	 */
	void put(String key, Product product) throws Exception;

	/**
	 * The number of failures so far that caused no exception.
	 * @return their number
	 */
	default long silentFailures() {
		return 0;
	}

	/**
	 * The process whose CPU time the calls cost beside that of this one.
	 * @return the server
	 */
	ServerProcess server();

	@Override
	void close();

}
