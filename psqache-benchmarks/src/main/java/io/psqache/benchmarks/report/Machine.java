package io.psqache.benchmarks.report;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import io.lettuce.core.RedisClient;
import io.psqache.benchmarks.server.PostgresServer;
import io.psqache.benchmarks.server.Servers;
import org.postgresql.Driver;

import org.springframework.data.redis.cache.RedisCache;

/**
 * What a figure means nothing without.
 *
 * @param date when it was
 * @param cpu model of the processor
 * @param cores how many of it the run could use, servers and all
 * @param memoryGigabytes of the machine
 * @param os operating system
 * @param jdk Java, its collector and heap
 * @param servers the servers
 * @param libraries versions of the clients
 */
public record Machine(String date, String cpu, int cores, double memoryGigabytes, String os, String jdk,
		List<String> servers, List<String> libraries) {

	private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

	/**
	 * Look at this machine.
	 * @param servers what runs on it
	 * @return what it is
	 */
	public static Machine describe(Servers servers) {
		return describe(List.of(servers.postgres().description(), servers.redis().description()), List
			.of(library("Spring Data Redis", RedisCache.class), library("Lettuce", RedisClient.class), driver()));
	}

	/**
	 * Look at this machine, where PostgreSQL is the only server.
	 * @param postgres what runs on it
	 * @return what it is
	 */
	public static Machine describe(PostgresServer postgres) {
		return describe(List.of(postgres.description()), List.of(driver()));
	}

	private static Machine describe(List<String> servers, List<String> libraries) {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		return new Machine(LocalDate.now(ZoneId.systemDefault()).toString(), cpuModel(),
				Runtime.getRuntime().availableProcessors(), Math.round(system.getTotalMemorySize() / 1e8) / 10.0,
				System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
						+ System.getProperty("os.arch"),
				javaVersion(), servers, libraries);
	}

	private static String driver() {
		return library("pgjdbc", Driver.class);
	}

	private static String javaVersion() {
		String collectors = ManagementFactory.getGarbageCollectorMXBeans()
			.stream()
			.map(GarbageCollectorMXBean::getName)
			.collect(Collectors.joining(", "));
		return "%s %s (%s; heap %d MB)".formatted(System.getProperty("java.vm.name"), Runtime.version(), collectors,
				Runtime.getRuntime().maxMemory() >> 20);
	}

	private static String library(String name, Class<?> type) {
		String version = type.getPackage().getImplementationVersion();
		return (version != null) ? name + " " + version : name;
	}

	private static String cpuModel() {
		try (Stream<String> lines = Files.lines(CPU_INFO)) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse("unknown");
		}
		catch (IOException ex) {
			return "unknown"; // only Linux tells it so easily
		}
	}

	/**
	 * All of it for people.
	 * @return some lines
	 */
	public String text() {
		return """
				%s, %d cores, %.1f GB, %s
				%s
				%s
				%s
				""".formatted(this.cpu, this.cores, this.memoryGigabytes, this.os, this.jdk,
				String.join("\n", this.servers), String.join(", ", this.libraries));
	}

	/**
	 * All of it as a table of a document.
	 * @return Markdown
	 */
	public String markdown() {
		return MarkdownTable.of(List.of("", ""),
				List.of(List.of("Date", this.date), List.of("Processor", this.cpu),
						List.of("Cores, for clients and servers together", String.valueOf(this.cores)),
						List.of("Memory", String.format(Locale.ROOT, "%,.1f GB", this.memoryGigabytes)),
						List.of("Kernel", this.os), List.of("JDK", this.jdk),
						List.of("Servers", String.join("<br>", this.servers)),
						List.of("Clients", String.join(", ", this.libraries))));
	}

}
