package io.psqache.benchmarks.stampede;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.cache.Cache;

/**
 * An instance of an application in a process of its own, whose threads all want one key
 * at the same moment.
 */
final class StampedeProcess implements AutoCloseable {

	private static final String READY = "ready";

	private final Process process;

	private final BufferedReader answers;

	private final PrintStream orders;

	private StampedeProcess(Process process) {
		this.process = process;
		this.answers = process.inputReader(StandardCharsets.UTF_8);
		this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
	}

	/**
	 * What runs in that process, until its input ends: an order is a key and a moment, in
	 * milliseconds since 1970, and the answer how many loads there were and when the last
	 * thread had the value, in milliseconds since that moment.
	 * @param args the kind of cache, its address, the number of threads, and how many
	 * milliseconds a load takes
	 * @throws Exception if a call fails
	 */
	@SuppressWarnings("SystemOut")
	public static void main(String[] args) throws Exception {
		Cache cache = CacheKind.valueOf(args[0]).open(args[1]);
		int threads = Integer.parseInt(args[2]);
		int loadMillis = Integer.parseInt(args[3]);
		ExecutorService callers = Executors.newFixedThreadPool(threads);
		call(cache, callers, threads, "warm-up", System.currentTimeMillis(), 1);
		System.out.println(READY);
		BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String order = orders.readLine(); order != null; order = orders.readLine()) {
			String[] words = order.split(" ", -1);
			System.out.println(call(cache, callers, threads, words[0], Long.parseLong(words[1]), loadMillis));
		}
		System.exit(0);
	}

	private static String call(Cache cache, ExecutorService callers, int threads, String key, long moment,
			int loadMillis) throws Exception {
		AtomicInteger loads = new AtomicInteger();
		List<Future<Long>> calls = new ArrayList<>();
		for (int caller = 0; caller < threads; caller++) {
			calls.add(callers.submit(() -> {
				TimeUnit.MILLISECONDS.sleep(Math.max(0, moment - System.currentTimeMillis()));
				String value = cache.get(key, () -> {
					loads.incrementAndGet();
					TimeUnit.MILLISECONDS.sleep(loadMillis);
					return "value";
				});
				if (!"value".equals(value)) {
					throw new IllegalStateException("No value");
				}
				return System.currentTimeMillis() - moment;
			}));
		}
		long last = 0;
		for (Future<Long> call : calls) {
			last = Math.max(last, call.get());
		}
		return loads + " " + last;
	}

	/**
	 * Start one.
	 */
	static StampedeProcess start(CacheKind kind, String address, int threads, int loadMillis) throws IOException {
		return new StampedeProcess(
				new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
						"-classpath", System.getProperty("java.class.path"), StampedeProcess.class.getName(),
						kind.name(), address, String.valueOf(threads), String.valueOf(loadMillis))
					.redirectError(ProcessBuilder.Redirect.INHERIT)
					.start());
	}

	void awaitReady() throws IOException {
		String line = this.answers.readLine();
		while (line != null && !line.equals(READY)) {
			line = this.answers.readLine();
		}
		if (line == null) {
			throw new IllegalStateException("An instance in a process of its own did not start");
		}
	}

	void order(String key, long moment) {
		this.orders.println(key + " " + moment);
	}

	/**
	 * What the process says of its last order.
	 */
	Rush rush() throws IOException {
		String line = this.answers.readLine();
		if (line == null) {
			throw new IllegalStateException("An instance in a process of its own has failed");
		}
		String[] words = line.split(" ", -1);
		return new Rush(Integer.parseInt(words[0]), Long.parseLong(words[1]));
	}

	@Override
	public void close() {
		this.orders.close();
		this.process.destroy();
	}

	/**
	 * What became of one key.
	 *
	 * @param loads how often it was loaded
	 * @param millis until the last thread had the value
	 */
	record Rush(int loads, long millis) {

		Rush and(Rush other) {
			return new Rush(this.loads + other.loads, Math.max(this.millis, other.millis));
		}

	}

}
