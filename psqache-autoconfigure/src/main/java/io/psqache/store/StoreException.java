package io.psqache.store;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * The store could not do what it was asked. Its message holds neither keys nor values.
 */
@SuppressWarnings("serial")
public class StoreException extends RuntimeException {

	private final FailureCause failureCause;

	public StoreException(FailureCause failureCause, @Nullable Throwable cause) {
		super(failureCause.description(), cause);
		this.failureCause = failureCause;
	}

	static StoreException of(Throwable failure) {
		if (failure instanceof StoreException exception) {
			return exception;
		}
		FailureCause cause = (failure instanceof SQLException exception) ? FailureCause.of(exception)
				: FailureCause.OTHER;
		return new StoreException(cause, failure);
	}

	/**
	 * Why it failed.
	 * @return the cause, never {@code null}
	 */
	public FailureCause failureCause() {
		return this.failureCause;
	}

}
