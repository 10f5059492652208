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
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;

import org.jspecify.annotations.Nullable;

/**
 * Causes of failures, which differ in their remedies. Maps the SQLSTATE codes of
 * PostgreSQL.
 *
 * @see <a href=
 * "https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error
 * codes</a>
 */
public enum FailureCause {

	/**
	 * No answer within the timeout.
	 */
	TIMEOUT("PostgreSQL did not answer within psqache.timeout",
			"Look for locks and load on the server, or raise psqache.timeout."),

	/**
	 * The connection failed, or the server is starting or stopping.
	 */
	UNAVAILABLE("PostgreSQL cannot be reached", "Check the server and the network; caching resumes by itself."),

	/**
	 * The server refuses the login, or an initial statement of a new connection.
	 */
	LOGIN_REFUSED("PostgreSQL refuses the login of psqache's database role",
			"Check the username, the password and connection-init-sql of the application's DataSource, or psqache.datasource.*; "
					+ "caching resumes by itself."),

	/**
	 * The request queue is full.
	 */
	OVERLOADED("the request queue is full",
			"Look for slow statements on the server, or raise psqache.pool.maximum-size."),

	/**
	 * No request was sent, because the circuit breaker is open.
	 */
	SUSPENDED("caching is suspended until PostgreSQL answers again",
			"Caching resumes by itself; the log states why it was suspended."),

	/**
	 * The server lacks connections, memory or disk.
	 */
	OUT_OF_RESOURCES("PostgreSQL is out of connections, memory or disk space", "Check the log of the server."),

	/**
	 * Deadlock or serialization failure: the request may succeed when repeated.
	 */
	CONFLICT("PostgreSQL aborted the operation because of a conflict with another transaction",
			"No action is needed unless it happens often."),

	/**
	 * Another transaction is changing the entry or clearing the cache, and this request
	 * does not wait for it.
	 */
	LOCKED("another transaction is changing the entry or clearing the cache",
			"No action is needed: the other transaction determines the entry."),

	/**
	 * The server is a standby, or its transactions are read-only.
	 */
	READ_ONLY("PostgreSQL is a standby or read-only", "Set psqache.datasource.url to the primary server."),

	/**
	 * The schema, a table or a column does not exist.
	 */
	SCHEMA_MISSING("psqache's schema is missing, or another program changed it",
			"psqache creates the schema again. If psqache.migrate is false, restart the "
					+ "application: it prints the statements for an administrator."),

	/**
	 * The database role lacks a privilege.
	 */
	FORBIDDEN("psqache's database role lacks a privilege on its schema",
			"Restart the application: it prints the missing grants."),

	/**
	 * PostgreSQL cannot store this value or key.
	 */
	REJECTED("PostgreSQL refused the key or the value",
			"For a value, set psqache.caches.<name>.storage to binary. For a key, use only "
					+ "characters that the database encoding supports (UTF8 supports all)."),

	/**
	 * A value cannot be encoded, or a stored value cannot be decoded.
	 */
	UNREADABLE("the entry cannot be converted", ""),

	/**
	 * The waiting thread was interrupted.
	 */
	INTERRUPTED("the waiting thread was interrupted", ""),

	/**
	 * The cache manager is closed.
	 */
	CLOSED("psqache is shut down", "Use the cache only while the application context is open."),

	/**
	 * Any other cause.
	 */
	OTHER("an unexpected error", "Enable DEBUG for io.psqache to see the stack trace.");

	private final String description;

	private final String remedy;

	FailureCause(String description, String remedy) {
		this.description = description;
		this.remedy = remedy;
	}

	/**
	 * Return the description, as the end of a sentence.
	 * @return the description, in lower case unless it begins with a name
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Return what to do.
	 * @return a sentence, empty if the message of the failure contains it
	 */
	public String remedy() {
		return this.remedy;
	}

	/**
	 * Return whether a single operation of a batch may be the cause. The others are then
	 * repeated.
	 * @return {@code true} if one operation may be the cause
	 */
	public boolean isOfAnItem() {
		return this == REJECTED || this == CONFLICT || this == LOCKED || this == OTHER;
	}

	/**
	 * Return whether a failed write may still have been executed, or may still be
	 * executed.
	 */
	public boolean leavesItOpen() {
		return this == TIMEOUT || this == UNAVAILABLE || this == INTERRUPTED || this == OTHER;
	}

	/**
	 * Return whether the database is the cause, so that other requests fail as well.
	 */
	public boolean isOfTheDatabase() {
		return this == TIMEOUT || this == UNAVAILABLE || this == LOGIN_REFUSED || this == OUT_OF_RESOURCES
				|| this == READ_ONLY || this == SCHEMA_MISSING;
	}

	/**
	 * Return whether the same request is likely to succeed later.
	 * @return {@code true} for causes that disappear by themselves or when the database
	 * is repaired
	 */
	public boolean isTransient() {
		return isOfTheDatabase() || this == OVERLOADED || this == SUSPENDED || this == CONFLICT || this == LOCKED
				|| this == INTERRUPTED;
	}

	/**
	 * Return the cause of a failed connection attempt. Some codes have another meaning
	 * than for a statement: {@code 42501} is the privilege to connect or to set a role.
	 * @param failure the exception of the driver, or of a pool that wraps it
	 * @return the cause
	 */
	public static FailureCause ofConnecting(SQLException failure) {
		String state = failure.getSQLState();
		if (state == null && failure.getCause() instanceof SQLException cause) {
			return ofConnecting(cause);
		}
		if (state != null && (state.startsWith("28") || state.startsWith("3D") || state.equals("42501")
				|| state.equals("08004"))) { // 08004: unsupported login method
			return LOGIN_REFUSED;
		}
		return of(failure);
	}

	static FailureCause of(SQLException failure) {
		String state = failure.getSQLState();
		if (state != null) {
			return of(state, failure);
		}
		if (failure instanceof SQLTransientConnectionException) { // HikariCP throws it.
			return (failure.getCause() instanceof SQLException cause) ? of(cause) : TIMEOUT;
		}
		return (failure instanceof SQLTimeoutException) ? TIMEOUT : OTHER;
	}

	private static FailureCause of(String state, SQLException failure) {
		FailureCause exact = switch (state) {
			case "57014" -> TIMEOUT; // query_canceled
			case "55P03" -> LOCKED; // lock_not_available
			case "25P03" -> UNAVAILABLE; // idle_in_transaction_session_timeout
			case "25006", "0A000" -> READ_ONLY; // 0A000: unlogged table on a standby
			case "42P01", "3F000", "42703", "42883" -> SCHEMA_MISSING;
			case "42501" -> FORBIDDEN;
			default -> null;
		};
		return (exact != null) ? exact : ofClass(state, failure);
	}

	private static FailureCause ofClass(String state, @Nullable SQLException failure) {
		return switch (state.substring(0, Math.min(2, state.length()))) {
			case "08" -> hasTimedOut(failure) ? TIMEOUT : UNAVAILABLE;
			case "28", "3D" -> LOGIN_REFUSED;
			case "57" -> UNAVAILABLE;
			case "53" -> OUT_OF_RESOURCES;
			case "40" -> CONFLICT;
			case "22", "54" -> REJECTED; // 54: a limit of PostgreSQL is exceeded
			default -> OTHER;
		};
	}

	private static boolean hasTimedOut(@Nullable Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof java.net.SocketTimeoutException) {
				return true;
			}
		}
		return false;
	}

}
