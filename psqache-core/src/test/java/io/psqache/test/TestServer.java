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

package io.psqache.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The PostgreSQL server of all tests in a run: the server of {@code -Dpsqache.test.url},
 * or else a container if Docker is available, or else an embedded server.
 * {@code -Dpsqache.test.postgres} selects the version of the container or of the embedded
 * server.
 *
 * @param description a description of the server
 * @param url the JDBC URL of a database in which others can be created
 * @param username the name of a role that may create databases and roles
 * @param password the password of the role
 */
record TestServer(String description, String url, String username, String password) {

	private static final Logger logger = LoggerFactory.getLogger(TestServer.class);

	private static final TestServer INSTANCE = choose();

	static TestServer instance() {
		return INSTANCE;
	}

	/**
	 * Return the URL of another database on this server.
	 */
	String url(String database) {
		return atHost(host(), port(), database);
	}

	/**
	 * Return the URL of a database on this server through a relay.
	 */
	String url(int relayPort, String database) {
		return atHost("127.0.0.1", relayPort, database);
	}

	private String atHost(String host, int port, String database) {
		String query = this.url.contains("?") ? this.url.substring(this.url.indexOf('?')) : "";
		return "jdbc:postgresql://" + host + ":" + port + "/" + database + query;
	}

	String host() {
		return uri().getHost();
	}

	int port() {
		return (uri().getPort() > 0) ? uri().getPort() : 5432;
	}

	private URI uri() {
		return URI.create(this.url.substring("jdbc:".length()));
	}

	private static TestServer choose() {
		String version = System.getProperty("psqache.test.postgres", "18");
		String url = System.getProperty("psqache.test.url");
		TestServer server = (url != null) ? named(url) : started(version);
		logger.info("Tests run against {}", server.description());
		return server;
	}

	private static TestServer named(String url) {
		return new TestServer("the PostgreSQL of -Dpsqache.test.url", url,
				System.getProperty("psqache.test.username", "postgres"),
				System.getProperty("psqache.test.password", "postgres"));
	}

	private static TestServer started(String version) {
		try {
			return DockerClientFactory.instance().isDockerAvailable() ? container(version) : embedded(version);
		}
		catch (RuntimeException ex) {
			logger.info("No container could be started ({})", ex.getMessage());
			return embedded(version);
		}
	}

	@SuppressWarnings("resource") // Testcontainers' reaper stops the container.
	private static TestServer container(String version) {
		String image = "postgres:" + version + "-alpine";
		PostgreSQLContainer container = new PostgreSQLContainer(image);
		container.start();
		return new TestServer("a container of " + image, container.getJdbcUrl(), container.getUsername(),
				container.getPassword());
	}

	@SuppressWarnings("resource") // The shutdown hook stops the server.
	private static TestServer embedded(String version) {
		try {
			EmbeddedPostgres postgres = EmbeddedPostgres.builder().setServerConfig("max_connections", "300").start();
			Runtime.getRuntime().addShutdownHook(new Thread(() -> close(postgres)));
			return new TestServer("an embedded PostgreSQL " + version,
					"jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres", "postgres", "postgres");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void close(EmbeddedPostgres postgres) {
		try {
			postgres.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
