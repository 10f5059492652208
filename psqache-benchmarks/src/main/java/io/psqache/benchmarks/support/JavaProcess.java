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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a main class of the benchmarks in a separate JVM, and communicates with it by
 * lines of text. {@link #close} ends the input of the process, and kills it after ten
 * seconds.
 */
public final class JavaProcess implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private final PrintStream input;

	private JavaProcess(Process process) {
		this.process = process;
		this.output = process.inputReader(StandardCharsets.UTF_8);
		this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
	}

	/**
	 * Start a process with a small heap.
	 * @param main the main class
	 * @param arguments its arguments
	 * @return the process
	 * @throws IOException if it does not start
	 */
	public static JavaProcess start(Class<?> main, String... arguments) throws IOException {
		return new JavaProcess(
				new ProcessBuilder(command(System.getProperty("java.home"), "-Xmx256m", main, List.of(arguments)))
					.redirectError(ProcessBuilder.Redirect.INHERIT)
					.start());
	}

	/**
	 * Run a process to its end, with the same heap size and output as this process.
	 * @param prefix words before the command, such as {@code taskset -c 0}
	 * @param javaHome the JDK
	 * @param main the main class
	 * @param arguments its arguments
	 * @throws Exception if the process fails
	 */
	public static void run(List<String> prefix, String javaHome, Class<?> main, List<String> arguments)
			throws Exception {
		List<String> words = new ArrayList<>(prefix);
		words.addAll(command(javaHome, "-Xmx" + (Runtime.getRuntime().maxMemory() >> 20) + "m", main, arguments));
		int code = new ProcessBuilder(words).inheritIO().start().waitFor();
		if (code != 0) {
			throw new IllegalStateException("A process of the benchmark ended with code %d: %s".formatted(code, words));
		}
	}

	private static List<String> command(String javaHome, String heap, Class<?> main, List<String> arguments) {
		return Stream
			.concat(Stream.of(Path.of(javaHome, "bin", "java").toString(), heap, "-classpath",
					System.getProperty("java.class.path"), main.getName()), arguments.stream())
			.toList();
	}

	/**
	 * Whether a program is on the {@code PATH}.
	 * @param name the name of the program
	 * @return whether it can be executed
	 */
	public static boolean isInstalled(String name) {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator, -1))
			.anyMatch((folder) -> Files.isExecutable(Path.of(folder, name)));
	}

	public void send(String line) {
		this.input.println(line);
	}

	/**
	 * Read the next line that begins with a word. Other lines are skipped.
	 * @param word the word
	 * @return the rest of the line
	 * @throws IOException if the process has ended
	 */
	public String receive(String word) throws IOException {
		String line = this.output.readLine();
		while (line != null && !line.startsWith(word)) {
			line = this.output.readLine();
		}
		if (line == null) {
			throw new IOException("A process of the benchmark has ended; its errors are above");
		}
		return line.substring(word.length()).strip();
	}

	/**
	 * Kill the process with SIGKILL.
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	@Override
	public void close() {
		this.input.close();
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
