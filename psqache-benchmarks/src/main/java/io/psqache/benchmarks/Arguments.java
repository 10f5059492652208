package io.psqache.benchmarks;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The words of the command line as names and values. Remembers which names were asked
 * for, so that one that nobody asked for can be refused. Not thread-safe.
 */
final class Arguments {

	private final Map<String, String> given;

	private final Set<String> known = new HashSet<>();

	private Arguments(Map<String, String> given) {
		this.given = given;
	}

	static Arguments parse(String... args) {
		Map<String, String> given = new LinkedHashMap<>();
		for (int index = 0; index < args.length; index++) {
			boolean hasValue = index + 1 < args.length && !args[index + 1].startsWith("--");
			given.put(args[index], hasValue ? args[index + 1] : "");
			index += hasValue ? 1 : 0;
		}
		return new Arguments(given);
	}

	boolean isSet(String name) {
		this.known.add(name);
		return has(name);
	}

	boolean has(String name) {
		return this.given.containsKey(name);
	}

	String text(String name, String byDefault) {
		this.known.add(name);
		return this.given.getOrDefault(name, byDefault);
	}

	/**
	 * All that was given but one option.
	 * @param left the option that is left out
	 * @return as it can be given again
	 */
	String textWithout(String left) {
		return this.given.entrySet()
			.stream()
			.filter((option) -> !option.getKey().equals(left))
			.map((option) -> (option.getKey() + " " + option.getValue()).strip())
			.collect(Collectors.joining(" "));
	}

	int integer(String name, int byDefault) {
		return Integer.parseInt(text(name, String.valueOf(byDefault)).replace("_", ""));
	}

	double number(String name, double byDefault) {
		return Double.parseDouble(text(name, String.valueOf(byDefault)));
	}

	/**
	 * Words separated by commas.
	 * @param name the option
	 * @param byDefault what it has if it is not given
	 * @return the words, none if it is empty
	 */
	Stream<String> list(String name, String byDefault) {
		return Stream.of(text(name, byDefault).split(",", -1)).filter((word) -> !word.isBlank()).map(String::strip);
	}

	void requireAllKnown() {
		this.given.keySet().stream().filter((name) -> !this.known.contains(name)).findFirst().ifPresent((name) -> {
			throw new IllegalArgumentException("There is no option '" + name + "'.");
		});
	}

}
