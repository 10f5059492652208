package io.psqache;

import io.psqache.engine.FailureCause;
import io.psqache.engine.StoreException;

/**
 * Of entries that were to be written together some were not, or it is not known whether
 * they were.
 *
 * @see TypedCache#setAll
 */
@SuppressWarnings("serial")
public class CacheWriteException extends RuntimeException {

	private final FailureCause failureCause;

	private final int written;

	private final int asked;

	CacheWriteException(String cacheName, int written, int asked, StoreException cause) {
		super("Cache '%s' is known to have stored %d of %d entries: %s. %s What it holds of the others may be older: repeat the call, or evict them."
			.formatted(cacheName, written, asked, cause.getMessage(), cause.failureCause().remedy()), cause);
		this.failureCause = cause.failureCause();
		this.written = written;
		this.asked = asked;
	}

	/**
	 * Why it failed; the cause of the first failure if there were several.
	 * @return the cause, never {@code null}
	 */
	public FailureCause failureCause() {
		return this.failureCause;
	}

	/**
	 * How many entries were written. Past a time limit there may be a few more.
	 * @return their number
	 */
	public int written() {
		return this.written;
	}

	/**
	 * How many entries were to be written.
	 * @return their number
	 */
	public int asked() {
		return this.asked;
	}

}
