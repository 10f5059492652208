package io.psqache.engine;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * What a {@code DataSource} knows of the connections that it tried to open. A pool says
 * why it has no connection only after it has waited for one; this says so at once. A
 * {@code DataSource} of the {@link Engine} may be a wrapper of it.
 */
public interface ConnectAttempts {

	/**
	 * The outcome of the last attempt to connect.
	 * @return {@code null} if it succeeded, or there was none
	 */
	@Nullable SQLException lastFailure();

}
