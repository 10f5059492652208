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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A Redis server on loopback without persistence: {@code redis-server} of the
 * {@code PATH}, otherwise the binary of embedded-redis.
 *
 * @param process the process
 * @param port the port, 0 if the server has only the socket
 * @param unixSocket the Unix-domain socket, {@code null} if the server has only the port
 * @param description the version
 */
public record RedisServer(ServerProcess process, int port, @Nullable Path unixSocket,
		String description) implements AutoCloseable {

	/**
	 * Start a server.
	 * @return the server, ready for connections
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static RedisServer start() throws InterruptedException {
		return start(false);
	}

	/**
	 * Start a server with a Unix-domain socket or on loopback.
	 * @param unixSocket whether connections use the Unix-domain socket
	 * @return the server, ready for connections
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static RedisServer start(boolean unixSocket) throws InterruptedException {
		try {
			String executable = JavaProcess.isInstalled("redis-server") ? "redis-server"
					: ExecutableProvider.newJarResourceProvider().get().getPath();
			int port = unixSocket ? 0 : freePort(); // 0: no loopback
			Path socket = unixSocket ? Files.createTempDirectory("redis").resolve("redis.sock") : null;
			Process process = new ProcessBuilder(executable, "--bind", "127.0.0.1", "--port", String.valueOf(port),
					"--unixsocket", (socket != null) ? socket.toString() : "", "--save", "", "--appendonly", "no")
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "redis-stopper"));
			Process version = new ProcessBuilder(executable, "--version").start();
			String text = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			RedisServer server = new RedisServer(new ServerProcess(process.pid()), port, socket, text);
			if (Double.isNaN(Time.await(Duration.ofSeconds(10), Duration.ofMillis(20), server::isReady))) {
				throw new IllegalStateException("Redis did not start. Run redis-server by hand to see why.");
			}
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean isReady() {
		if (this.unixSocket != null) {
			return Files.exists(this.unixSocket);
		}
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	public void flush() {
		execute((connection) -> connection.serverCommands().flushAll());
	}

	/**
	 * Connect to the server.
	 * @return a shared connection, which the caller destroys
	 */
	public LettuceConnectionFactory connect() {
		LettuceConnectionFactory connections = (this.unixSocket != null)
				? new LettuceConnectionFactory(new RedisSocketConfiguration(this.unixSocket.toString()))
				: new LettuceConnectionFactory("127.0.0.1", this.port);
		connections.afterPropertiesSet();
		connections.start();
		return connections;
	}

	private void execute(Consumer<RedisConnection> command) {
		LettuceConnectionFactory connections = connect();
		try (RedisConnection connection = connections.getConnection()) {
			command.accept(connection);
		}
		finally {
			connections.destroy();
		}
	}

	@Override
	public void close() {
		this.process.destroy();
	}

}
