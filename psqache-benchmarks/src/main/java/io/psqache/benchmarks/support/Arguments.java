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

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line as names and values. Records which names are read, so that unknown
 * names can be refused. Not thread-safe.
 */
public final class Arguments {

	private final Map<String, String> given = new LinkedHashMap<>();

	private final Set<String> known = new HashSet<>();

	public Arguments(String... words) {
		for (int index = 0; index < words.length; index++) {
			boolean hasValue = index + 1 < words.length && !words[index + 1].startsWith("--");
			this.given.put(words[index], hasValue ? words[index + 1] : "");
			index += hasValue ? 1 : 0;
		}
	}

	public boolean has(String name) {
		this.known.add(name);
		return this.given.containsKey(name);
	}

	public String text(String name, String byDefault) {
		this.known.add(name);
		return this.given.getOrDefault(name, byDefault);
	}

	public int integer(String name, int byDefault) {
		return Integer.parseInt(text(name, String.valueOf(byDefault)).replace("_", ""));
	}

	public double number(String name, double byDefault) {
		return Double.parseDouble(text(name, String.valueOf(byDefault)));
	}

	/**
	 * Read words separated by commas.
	 * @param name the option
	 * @param byDefault the value if the option is absent
	 * @return the words; empty if the value is empty
	 */
	public List<String> list(String name, String byDefault) {
		return Stream.of(text(name, byDefault).split(",", -1))
			.map(String::strip)
			.filter((word) -> !word.isEmpty())
			.toList();
	}

	/**
	 * Read names of constants.
	 * @param <E> type of the constants
	 * @param name the option
	 * @param constants all constants, named by their {@code toString()}
	 * @return those that were given, none if the option is not given
	 * @throws IllegalArgumentException if there is no such constant
	 */
	public <E extends Enum<E>> List<E> constants(String name, E[] constants) {
		Map<String, E> byName = Stream.of(constants).collect(Collectors.toMap(Enum::toString, (constant) -> constant));
		List<String> words = list(name, "");
		if (!byName.keySet().containsAll(words)) {
			throw new IllegalArgumentException("Of %s choose from %s.".formatted(words, Arrays.toString(constants)));
		}
		return words.stream().map(byName::get).toList();
	}

	/**
	 * Return the command to repeat the run, without the folder of the results.
	 * @return the options
	 */
	public String command() {
		return this.given.entrySet()
			.stream()
			.filter((option) -> !option.getKey().equals("--output"))
			.map((option) -> (option.getKey() + " " + option.getValue()).strip())
			.collect(Collectors.joining(" "));
	}

	public Path output() {
		return Path.of(text("--output", "target/results"));
	}

	/**
	 * Refuse options that were not read.
	 * @throws IllegalArgumentException if there are any
	 */
	public void requireAllKnown() {
		this.given.keySet().stream().filter((name) -> !this.known.contains(name)).findFirst().ifPresent((name) -> {
			throw new IllegalArgumentException("There is no option '%s'.".formatted(name));
		});
	}

}
