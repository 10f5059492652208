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
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import io.lettuce.core.RedisClient;
import org.postgresql.Driver;

import org.springframework.data.redis.cache.RedisCache;

/**
 * The machine and the software of a run, which its results depend on.
 *
 * @param date the day of the run
 * @param cpu the model of the processor
 * @param cores the number of cores, which clients and servers share
 * @param memory the memory of the machine
 * @param os the operating system
 * @param jdk the Java version and the heap size
 * @param servers the versions of the servers
 * @param clients the versions of the clients
 */
public record Machine(String date, String cpu, int cores, String memory, String os, String jdk, List<String> servers,
		List<String> clients) {

	/**
	 * Describe this machine.
	 * @param servers descriptions of the servers
	 * @return the description
	 */
	public static Machine describe(String... servers) {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		return new Machine(LocalDate.now(ZoneId.systemDefault()).toString(), cpuModel(),
				Runtime.getRuntime().availableProcessors(), Text.format("%.1f GB", system.getTotalMemorySize() / 1e9),
				property("os.name") + " " + property("os.version") + " " + property("os.arch"),
				"%s %s, heap %d MB".formatted(property("java.vm.name"), Runtime.version(),
						Runtime.getRuntime().maxMemory() >> 20),
				List.of(servers), List.of(library("Spring Data Redis", RedisCache.class),
						library("Lettuce", RedisClient.class), library("pgjdbc", Driver.class)));
	}

	private static String property(String name) {
		return System.getProperty(name, "");
	}

	private static String library(String name, Class<?> type) {
		return name + " " + type.getPackage().getImplementationVersion();
	}

	private static String cpuModel() {
		try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse("unknown");
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

	@Override
	public String toString() {
		return Text.table(List.of("", ""),
				List.of(List.of("Date", this.date), List.of("Processor", this.cpu),
						List.of("Cores, for clients and servers together", String.valueOf(this.cores)),
						List.of("Memory", this.memory), List.of("Kernel", this.os), List.of("JDK", this.jdk),
						List.of("Servers", String.join("<br>", this.servers)),
						List.of("Clients", String.join(", ", this.clients))));
	}

}
