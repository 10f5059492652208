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

package io.psqache.benchmarks.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * An embedded PostgreSQL on loopback with ordinary settings. The embedded defaults trade
 * safety for speed ({@code fsync} and {@code synchronous_commit} are off); this class
 * sets both back to {@code on}. Only {@code shared_buffers} differs from PostgreSQL's
 * defaults.
 */
public final class PostgresServer implements AutoCloseable {

	private static final String DESCRIPTION = """
			select format('PostgreSQL %s (embedded; %s)', current_setting('server_version'),
			  string_agg(name || ' = ' || current_setting(name), ', ' order by name))
			from pg_settings
			where name in ('shared_buffers', 'fsync', 'synchronous_commit', 'max_connections', 'jit', 'io_method')
			""";

	/**
	 * For pgjdbc, by junixsocket. The name of the socket ends with the port.
	 */
	private static final String UNIX_SOCKET = "&socketFactory=org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg"
			+ "&socketFactoryArg=/tmp/.s.PGSQL.";

	private final EmbeddedPostgres postgres;

	private final boolean unixSockets;

	private PostgresServer(EmbeddedPostgres postgres, boolean unixSockets) {
		this.postgres = postgres;
		this.unixSockets = unixSockets;
	}

	public static PostgresServer start() {
		return start((builder) -> builder);
	}

	/**
	 * Start a server that logs to a file, autovacuums included.
	 * @param log the file, appended to
	 * @return the server
	 */
	public static PostgresServer start(Path log) {
		return start((builder) -> builder.setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
			.setServerConfig("log_autovacuum_min_duration", "0"));
	}

	public static PostgresServer start(UnaryOperator<EmbeddedPostgres.Builder> settings) {
		return start(settings, false);
	}

	/**
	 * Start a server with a Unix-domain socket or on loopback.
	 * @param unixSockets whether its URLs use the Unix-domain socket
	 * @return the server
	 */
	public static PostgresServer start(boolean unixSockets) {
		return start((builder) -> builder.setServerConfig("unix_socket_directories", "/tmp"), unixSockets);
	}

	private static PostgresServer start(UnaryOperator<EmbeddedPostgres.Builder> settings, boolean unixSockets) {
		try {
			return new PostgresServer(settings
				.apply(EmbeddedPostgres.builder()
					.setServerConfig("fsync", "on")
					.setServerConfig("synchronous_commit", "on")
					.setServerConfig("shared_buffers", "512MB"))
				.start(), unixSockets);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public int port() {
		return this.postgres.getPort();
	}

	/**
	 * Return the default database.
	 * @return the database; {@link Database#close} does not drop it
	 */
	public Database defaultDatabase() {
		return new Database(this, "postgres");
	}

	/**
	 * Create an empty database, and drop an existing one of this name.
	 * @param name the name
	 * @return the database, dropped when it is closed
	 */
	public Database createDatabase(String name) {
		defaultDatabase().execute("drop database if exists " + name);
		defaultDatabase().execute("create database " + name);
		return new Database(this, name);
	}

	String url(String database) {
		String url = this.postgres.getJdbcUrl("postgres", database);
		return this.unixSockets ? url + UNIX_SOCKET + port() : url;
	}

	public String description() {
		return defaultDatabase().text(DESCRIPTION);
	}

	/**
	 * Return the postmaster, the parent of all other processes of the server.
	 * @return the process
	 */
	public ServerProcess process() {
		return new ServerProcess(
				defaultDatabase().number("select split_part(pg_read_file('postmaster.pid'), chr(10), 1)"));
	}

	@Override
	public void close() {
		try {
			this.postgres.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
