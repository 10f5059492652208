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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheMonitor;
import io.psqache.CacheSettings;
import io.psqache.PostgresCacheManager;
import io.psqache.TestCaches;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.SchemaRepair;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A separate JVM that a test controls with lines of text. The JVM answers each line with
 * one line.
 */
public final class TestProcess implements AutoCloseable {

	private static final String ANSWER = "answer ";

	private final Process process;

	private final PrintStream in;

	private final BufferedReader out;

	private TestProcess(Process process) {
		this.process = process;
		this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	/**
	 * Start a JVM.
	 * @param main the class with the main method, whose arguments are those of
	 * {@link #manager}
	 */
	public static TestProcess start(Class<?> main, TestDatabase database) throws IOException {
		return start(main, database, Map.of());
	}

	/**
	 * Start a JVM.
	 * @param main the class with the main method, whose arguments are those of
	 * {@link #manager}
	 * @param environment additional environment variables
	 */
	public static TestProcess start(Class<?> main, TestDatabase database, Map<String, String> environment)
			throws IOException {
		ProcessBuilder process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", System.getProperty("java.class.path"), main.getName(), database.url(), database.username(),
				database.password())
			.redirectError(ProcessBuilder.Redirect.DISCARD);
		process.environment().putAll(environment);
		return new TestProcess(process.start());
	}

	/**
	 * Send a line and wait for the answer.
	 * @return the answer, or {@code died} if the JVM has ended
	 */
	public String ask(String line) throws IOException {
		this.in.println(line);
		String answer = this.out.readLine();
		while (answer != null && !answer.startsWith(ANSWER)) { // Skip log output.
			answer = this.out.readLine();
		}
		return (answer != null) ? answer.substring(ANSWER.length()) : "died";
	}

	/**
	 * Repeat a line until the JVM returns the expected answer.
	 */
	public void awaitAnswer(String question, String answer) {
		Concurrently.awaitThat(() -> ask(question).equals(answer));
	}

	/**
	 * Kill the JVM with SIGKILL.
	 */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * In the JVM: answer each line until the input ends.
	 */
	public static void answer(Answers answers) throws Exception {
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			System.out.println(ANSWER + answers.to(line.split(" ", -1)));
			System.out.flush();
		}
	}

	/**
	 * In the JVM: create the cache manager of an instance.
	 * @param args the arguments of the main method
	 */
	public static PostgresCacheManager manager(String[] args, CacheMonitor monitor,
			UnaryOperator<CacheSettings> defaults) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(args[0]);
		pool.setUsername(args[1]);
		pool.setPassword(args[2]);
		pool.setMaximumPoolSize(4);
		EntryStore store = new EntryStore(pool, 4, TestCaches.SCHEMA, Duration.ofSeconds(5), TestStores.FENCE_LIFE,
				monitor, SchemaRepair.NONE);
		return TestCaches.manager(store, new DriverManagerDataSource(args[0], args[1], args[2]), "test",
				(builder) -> builder.monitor(monitor).defaults(defaults));
	}

	/**
	 * Answers the lines of the test.
	 */
	@FunctionalInterface
	public interface Answers {

		String to(String[] words) throws Exception;

	}

}
