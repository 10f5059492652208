package io.psqache;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.codec.TrustedTypes;
import io.psqache.codec.ValueCodecs;
import io.psqache.near.NearState;
import io.psqache.store.EntryStore;
import io.psqache.store.OperationKind;
import io.psqache.store.SchemaRepair;
import io.psqache.store.StoreMonitor;
import io.psqache.test.TestDatabase;

import org.springframework.cache.Cache;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * An instance in a process of its own that keeps copies of a cache and does what it is
 * told: one word after the other, each answered by a line.
 */
final class NearProcess implements AutoCloseable {

	private final Process process;

	private final PrintStream in;

	private final BufferedReader out;

	private NearProcess(Process process) {
		this.process = process;
		this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	static NearProcess start(TestDatabase database) throws IOException {
		return new NearProcess(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", System.getProperty("java.class.path"), NearProcess.class.getName(), database.url(),
				database.username(), database.password())
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.start());
	}

	/**
	 * Say something and wait for the answer.
	 */
	String ask(String line) throws IOException {
		this.in.println(line);
		String answer = this.out.readLine();
		while (answer != null && !answer.startsWith("answer ")) { // something is logged
			answer = this.out.readLine();
		}
		return (answer != null) ? answer.substring("answer ".length()) : "died";
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * The instance.
	 */
	public static void main(String[] args) throws Exception {
		TestInstance instance = new TestInstance(args[0], args[1], args[2]);
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			System.out.println("answer " + instance.answer(line.split(" ", -1)));
			System.out.flush();
		}
	}

	private static final class TestInstance implements StoreMonitor {

		private final PostgresCacheManager manager;

		private final CountDownLatch never = new CountDownLatch(1);

		private volatile boolean muted;

		TestInstance(String url, String username, String password) {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(url);
			pool.setUsername(username);
			pool.setPassword(password);
			pool.setMaximumPoolSize(4);
			EntryStore store = new EntryStore(pool, 4, TestCaches.SCHEMA, Duration.ofSeconds(5),
					EntryStore.DEFAULT_FENCE_LIFE, this, SchemaRepair.NONE);
			this.manager = PostgresCacheManager
				.builder(store, new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null))
				.namespace("test")
				.notifications(store.notifications(new DriverManagerDataSource(url, username, password)))
				.defaults((defaults) -> defaults.withNear(defaults.near().withEnabled(true)))
				.build();
			Cache books = this.manager.getCache("books");
			Concurrently.awaitThat(() -> books != null
					&& this.manager.getNearChannel().state().status() == NearState.Status.LISTENING);
		}

		/**
		 * Nothing more is announced: the lane that is about to do so never does.
		 */
		@Override
		public void batch(OperationKind operation, int size) {
			if (operation == OperationKind.ANNOUNCE && this.muted) {
				try {
					this.never.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

		String answer(String... words) {
			PostgresCache cache = (PostgresCache) Objects.requireNonNull(this.manager.getCache("books"));
			switch (words[0]) {
				case "put" -> cache.put(words[1], words[2]);
				case "mute" -> this.muted = true;
				case "die" -> Runtime.getRuntime().halt(1);
				case "get" -> {
					return String.valueOf(cache.get(words[1], String.class));
				}
				case "hits" -> {
					return String.valueOf(Objects.requireNonNull(cache.getStatistics().near()).hits());
				}
				default -> throw new IllegalArgumentException(words[0]);
			}
			return "done";
		}

	}

	/**
	 * Waits in a test for what the process is to answer.
	 */
	void awaitAnswer(String question, String answer) {
		Concurrently.awaitThat(() -> ask(question).equals(answer));
	}

}
