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

import java.sql.SQLException;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the store cannot execute an operation. The message contains neither keys
 * nor values.
 */
@SuppressWarnings("serial")
public class StoreException extends RuntimeException {

	private final FailureCause failureCause;

	public StoreException(FailureCause failureCause, @Nullable Throwable cause) {
		this(failureCause, failureCause.description(), cause);
	}

	/**
	 * Create an exception with a message.
	 * @param failureCause why it failed
	 * @param message what happened, without keys and values
	 * @param cause the cause; may be {@code null}
	 */
	public StoreException(FailureCause failureCause, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.failureCause = failureCause;
	}

	/**
	 * Return a store exception for a failure.
	 * @param failure any failure
	 * @return the failure itself if it is a {@code StoreException}, otherwise a new
	 * exception that wraps it
	 */
	public static StoreException of(Throwable failure) {
		if (failure instanceof StoreException exception) {
			return exception;
		}
		if (failure instanceof SQLException exception) {
			FailureCause cause = FailureCause.of(exception);
			return (cause != FailureCause.OTHER) ? new StoreException(cause, failure) : new StoreException(cause,
					cause.description() + " (SQLSTATE " + exception.getSQLState() + ")", failure);
		}
		if (failure instanceof TimeoutException) {
			return new StoreException(FailureCause.TIMEOUT, null);
		}
		return new StoreException(FailureCause.OTHER,
				FailureCause.OTHER.description() + " (" + failure.getClass().getName() + ")", failure);
	}

	/**
	 * Return why it failed.
	 * @return the cause, never {@code null}
	 */
	public FailureCause failureCause() {
		return this.failureCause;
	}

}
