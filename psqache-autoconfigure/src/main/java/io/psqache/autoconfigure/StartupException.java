package io.psqache.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * psqache cannot start. Says what happened and why, and what to do, also where no
 * {@link StartupFailureAnalyzer} prints it.
 */
@SuppressWarnings("serial")
class StartupException extends RuntimeException {

	private final String description;

	private final String action;

	StartupException(String description, String action, @Nullable Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	String description() {
		return this.description;
	}

	String action() {
		return this.action;
	}

}
