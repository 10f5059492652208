package io.psqache.watch;

/**
 * A table cannot be watched. Says what happened and why, and what to do.
 */
@SuppressWarnings("serial")
public final class WatchException extends RuntimeException {

	private final String description;

	private final String action;

	WatchException(String description, String action) {
		super(description + " " + action);
		this.description = description;
		this.action = action;
	}

	WatchException(String description, String action, Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/**
	 * What happened and why.
	 * @return a sentence or two
	 */
	public String description() {
		return this.description;
	}

	/**
	 * What to do about it.
	 * @return sentences, statements to run among them
	 */
	public String action() {
		return this.action;
	}

}
