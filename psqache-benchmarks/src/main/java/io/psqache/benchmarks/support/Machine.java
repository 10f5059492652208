package io.psqache.benchmarks.support;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import io.lettuce.core.RedisClient;
import org.postgresql.Driver;

import org.springframework.data.redis.cache.RedisCache;

/**
 * The machine and the software of a run, without which its figures mean nothing.
 *
 * @param date the day of the run
 * @param cpu model of the processor
 * @param cores cores that clients and servers share
 * @param memory memory of the machine
 * @param os operating system
 * @param jdk Java, its heap, and its garbage collector
 * @param servers versions of the servers
 * @param clients versions of the clients
 */
public record Machine(String date, String cpu, int cores, String memory, String os, String jdk, List<String> servers,
		List<String> clients) {

	private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

	/**
	 * Describe this machine.
	 * @param servers descriptions of the servers
	 * @return the description
	 */
	public static Machine describe(String... servers) {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		String collectors = ManagementFactory.getGarbageCollectorMXBeans()
			.stream()
			.map((collector) -> collector.getName())
			.collect(Collectors.joining(", "));
		return new Machine(LocalDate.now(ZoneId.systemDefault()).toString(), cpuModel(),
				Runtime.getRuntime().availableProcessors(), Text.format("%.1f GB", system.getTotalMemorySize() / 1e9),
				property("os.name") + " " + property("os.version") + " " + property("os.arch"),
				"%s %s (%s; heap %d MB)".formatted(property("java.vm.name"), Runtime.version(), collectors,
						Runtime.getRuntime().maxMemory() >> 20),
				List.of(servers), List.of(library("Spring Data Redis", RedisCache.class),
						library("Lettuce", RedisClient.class), library("pgjdbc", Driver.class)));
	}

	private static String property(String name) {
		return System.getProperty(name, "");
	}

	private static String library(String name, Class<?> type) {
		String version = type.getPackage().getImplementationVersion();
		return (version != null) ? name + " " + version : name;
	}

	private static String cpuModel() {
		if (!Files.exists(CPU_INFO)) {
			return property("os.arch");
		}
		try (Stream<String> lines = Files.lines(CPU_INFO)) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse(property("os.arch"));
		}
		catch (IOException ex) {
			return property("os.arch");
		}
	}

	/**
	 * The description for a document.
	 * @return a table in Markdown
	 */
	public String markdown() {
		return Text.table(List.of("", ""),
				List.of(List.of("Date", this.date), List.of("Processor", this.cpu),
						List.of("Cores, for clients and servers together", String.valueOf(this.cores)),
						List.of("Memory", this.memory), List.of("Kernel", this.os), List.of("JDK", this.jdk),
						List.of("Servers", String.join("<br>", this.servers)),
						List.of("Clients", String.join(", ", this.clients))));
	}

	@Override
	public String toString() {
		return "%s, %s, %d cores, %s, %s, %s, %s".formatted(this.date, this.cpu, this.cores, this.os, this.jdk,
				String.join(", ", this.servers), String.join(", ", this.clients));
	}

}
