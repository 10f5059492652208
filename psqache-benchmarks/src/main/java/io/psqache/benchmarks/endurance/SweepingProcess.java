package io.psqache.benchmarks.endurance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import com.zaxxer.hikari.HikariConfig;

/**
 * An instance of psqache in a process of its own, which can be killed.
 */
final class SweepingProcess implements AutoCloseable {

	private static final String READY = "ready";

	private final Process process;

	private SweepingProcess(Process process) {
		this.process = process;
	}

	/**
	 * What runs in that process, until its input ends.
	 * @param args the URL of the database
	 * @throws IOException if its input cannot be read
	 */
	@SuppressWarnings("SystemOut")
	public static void main(String[] args) throws IOException {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(args[0]);
		try (Instance instance = new Instance(config, Sweeper.ON, UnaryOperator.identity())) {
			instance.cache().get("nothing");
			System.out.println(READY);
			System.in.transferTo(OutputStream.nullOutputStream()); // until whoever
																	// started it goes
		}
	}

	/**
	 * Start it.
	 * @param database the database it is to sweep
	 * @return the process, with the sweeper at work
	 */
	static SweepingProcess start(Database database) throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-classpath", System.getProperty("java.class.path"), SweepingProcess.class.getName(),
				database.url())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		SweepingProcess started = new SweepingProcess(process);
		started.awaitReady();
		return started;
	}

	private void awaitReady() throws IOException {
		BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8);
		String line = output.readLine();
		while (line != null && !line.equals(READY)) {
			line = output.readLine();
		}
		if (line == null) {
			throw new IllegalStateException("An instance in a process of its own did not start");
		}
	}

	/**
	 * Kill it as {@code kill -9} does.
	 */
	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			this.process.destroyForcibly();
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
