package io.psqache.benchmarks.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

import redis.embedded.core.ExecutableProvider;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A Redis on loopback without persistence: {@code redis-server} of the {@code PATH}, else
 * the binary of embedded-redis.
 *
 * @param process its process
 * @param port its port
 * @param description its version
 */
public record RedisServer(ServerProcess process, int port, String description) implements AutoCloseable {

	/**
	 * Start a server.
	 * @return the server, ready for connections
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static RedisServer start() throws InterruptedException {
		try {
			String executable = JavaProcess.isInstalled("redis-server") ? "redis-server"
					: ExecutableProvider.newJarResourceProvider().get().getPath();
			int port = freePort();
			Process process = new ProcessBuilder(executable, "--bind", "127.0.0.1", "--port", String.valueOf(port),
					"--save", "", "--appendonly", "no")
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "redis-stopper"));
			Process version = new ProcessBuilder(executable, "--version").start();
			String text = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			RedisServer server = new RedisServer(new ServerProcess(process.pid()), port, text);
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

	private void execute(Consumer<RedisConnection> command) {
		LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", this.port);
		connections.afterPropertiesSet();
		connections.start();
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
