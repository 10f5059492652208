package io.psqache.benchmarks.support;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A Redis on loopback without persistence: {@code redis-server} of the {@code PATH}, else
 * the binary of embedded-redis.
 */
public final class RedisServer implements AutoCloseable {

	private static final String READY = "eady to accept connections";

	private final Process process;

	private final int port;

	private final String description;

	private final Thread stopper = new Thread(this::stop, "redis-stopper");

	private RedisServer(Process process, int port, String description) {
		this.process = process;
		this.port = port;
		this.description = description;
		Runtime.getRuntime().addShutdownHook(this.stopper);
	}

	public static RedisServer start() {
		try {
			File installed = installed();
			File executable = (installed != null) ? installed : ExecutableProvider.newJarResourceProvider().get();
			int port = freePort();
			Process process = new ProcessBuilder(executable.getPath(), "--bind", "127.0.0.1", "--port",
					String.valueOf(port), "--save", "", "--appendonly", "no")
				.redirectErrorStream(true)
				.start();
			RedisServer server = new RedisServer(process, port,
					"Redis " + version(executable) + ((installed != null) ? " (installed)" : " (embedded)"));
			server.awaitReady();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public int port() {
		return this.port;
	}

	public ServerProcess process() {
		return new ServerProcess(this.process.pid());
	}

	public String description() {
		return this.description;
	}

	public void flush() {
		LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", this.port);
		connections.afterPropertiesSet();
		connections.start();
		try (var connection = connections.getConnection()) {
			connection.serverCommands().flushAll();
		}
		finally {
			connections.destroy();
		}
	}

	/**
	 * Redis logs to its standard output. The output is read to its end, because Redis
	 * blocks when the pipe is full.
	 */
	private void awaitReady() throws IOException {
		BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8);
		String line = output.readLine();
		while (line != null && !line.contains(READY)) {
			line = output.readLine();
		}
		if (line == null) {
			throw new IllegalStateException("Redis did not start. Run redis-server by hand to see why.");
		}
		Thread drain = new Thread(() -> drain(output), "redis-log");
		drain.setDaemon(true);
		drain.start();
	}

	private static void drain(BufferedReader output) {
		try {
			output.transferTo(Writer.nullWriter());
		}
		catch (IOException ex) {
			// the server has stopped
		}
	}

	private static @Nullable File installed() {
		String path = System.getenv().getOrDefault("PATH", "");
		return Stream.of(path.split(File.pathSeparator, -1))
			.map((folder) -> Path.of(folder, "redis-server"))
			.filter(Files::isExecutable)
			.map(Path::toFile)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Reads "7.0.15" from "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0".
	 */
	private static String version(File executable) throws IOException {
		Process process = new ProcessBuilder(executable.getPath(), "--version").start();
		String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return text.replaceAll("(?s).*\\bv=(\\S+).*", "$1");
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() {
		Runtime.getRuntime().removeShutdownHook(this.stopper);
		stop();
	}

	private void stop() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
