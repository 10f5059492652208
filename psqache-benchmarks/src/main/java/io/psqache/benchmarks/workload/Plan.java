package io.psqache.benchmarks.workload;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The scenarios of a run, those of one value size together, since the data is loaded anew
 * for each size.
 *
 * @param scenarios in the order in which they run
 */
public record Plan(List<Scenario> scenarios) {

	private static final List<String> THREADS = List.of("1", "8", "32", "128");

	private static final List<String> ALL_CALLERS = List.of("1", "8", "32", "128", "v1000");

	/**
	 * What the targets and the charts of the README need, and one look in each other
	 * direction.
	 * @return the plan of an ordinary run
	 */
	public static Plan standard() {
		return of(cross("get put", "1k", ALL_CALLERS, "uniform"), cross("get90 mixed", "1k", List.of("32"), "uniform"),
				cross("get put mixed", "1k", List.of("32"), "zipf"), cross("sustained", "1k", List.of("32"), "uniform"),
				cross("get put", "100", List.of("32"), "uniform"),
				cross("get put", "16k", List.of("8", "32"), "uniform"));
	}

	/**
	 * What the targets need.
	 * @return the plan of a run that shows no more than whether they are reached
	 */
	public static Plan targets() {
		return of(cross("get put", "1k", THREADS, "uniform"), cross("sustained", "1k", List.of("32"), "uniform"),
				cross("get", "16k", THREADS, "uniform"));
	}

	/**
	 * What the targets need, of large values only one number of callers.
	 * @return the plan of a quick run
	 */
	public static Plan quick() {
		return of(cross("get put", "1k", THREADS, "uniform"), cross("sustained", "1k", List.of("32"), "uniform"),
				cross("get", "16k", List.of("32"), "uniform"));
	}

	/**
	 * Everything with everything, which takes hours.
	 * @return the plan of a full run
	 */
	public static Plan full() {
		return of(cross("get get90 put mixed", "100 1k 16k", ALL_CALLERS, "uniform zipf"),
				cross("sustained", "100 1k 16k", List.of("32"), "uniform"));
	}

	/**
	 * All combinations of some things.
	 * @param workloads what is done
	 * @param sizes value sizes
	 * @param callers numbers of callers
	 * @param keys key distributions
	 * @return the plan
	 */
	public static Plan cross(List<Workload> workloads, List<ValueSize> sizes, List<Callers> callers,
			List<KeyDistribution> keys) {
		List<Scenario> scenarios = new ArrayList<>();
		for (ValueSize size : sizes) {
			for (Workload workload : workloads) {
				for (KeyDistribution distribution : keys) {
					callers.forEach((some) -> scenarios.add(new Scenario(workload, size, some, distribution)));
				}
			}
		}
		return new Plan(scenarios);
	}

	private static Plan cross(String workloads, String sizes, List<String> callers, String keys) {
		return cross(words(workloads).map(Workload::parse).toList(), words(sizes).map(ValueSize::parse).toList(),
				callers.stream().map(Callers::parse).toList(), words(keys).map(KeyDistribution::parse).toList());
	}

	private static Stream<String> words(String text) {
		return Stream.of(text.split(" ", -1));
	}

	private static Plan of(Plan... parts) {
		return new Plan(Stream.of(parts).flatMap((part) -> part.scenarios().stream()).toList());
	}

	/**
	 * The sizes there are.
	 * @return in the order in which they come
	 */
	public List<ValueSize> sizes() {
		Set<ValueSize> sizes = new LinkedHashSet<>();
		this.scenarios.forEach((scenario) -> sizes.add(scenario.size()));
		return List.copyOf(sizes);
	}

	/**
	 * What can run on this JDK with values of a size.
	 * @param size the size
	 * @return the scenarios
	 */
	public List<Scenario> possible(ValueSize size) {
		return this.scenarios.stream()
			.filter((scenario) -> scenario.size().equals(size) && scenario.callers().isPossible())
			.toList();
	}

}
