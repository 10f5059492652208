package io.psqache.benchmarks.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.psqache.benchmarks.contender.Arena;
import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.KeyDistribution;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.Steps;
import io.psqache.benchmarks.workload.Workload;

/**
 * The contenders with all their data, meeting in one scenario after the other. In each
 * round they come in another order, by chance, so that nobody always follows the same one
 * and what happens to the machine happens to all of them.
 */
public final class Match implements AutoCloseable {

	/**
	 * They take turns in the first warm-up: psqache works in other ways the more there
	 * are, and where there are few the compiler gets the processor.
	 */
	private static final List<Callers> FIRST_CALLERS = Stream.of(1, 8, 32)
		.map((count) -> new Callers(count, false))
		.toList();

	private final Arena arena;

	private final Pace pace;

	private final long seed;

	private final Random random;

	private final List<FirstWarmUp> firstWarmUps;

	private final Map<ContenderKind, Contender> contenders = new LinkedHashMap<>();

	/**
	 * Open a match; nothing is loaded yet.
	 * @param arena where it takes place; closed with this
	 * @param pace how long things take
	 * @param seed what all chance follows from
	 * @param firstWarmUps the warm-ups of the whole run so far, which are not repeated;
	 * is added to
	 */
	public Match(Arena arena, Pace pace, long seed, List<FirstWarmUp> firstWarmUps) {
		this.arena = arena;
		this.pace = pace;
		this.seed = seed;
		this.random = new Random(seed);
		this.firstWarmUps = firstWarmUps;
	}

	/**
	 * Let contenders in and give each its data.
	 * @param kinds who
	 * @param progress is told what happens
	 * @throws Exception if one cannot be prepared
	 */
	public void prepare(List<ContenderKind> kinds, Consumer<String> progress) throws Exception {
		for (ContenderKind kind : kinds) {
			Contender contender = kind.open(this.arena);
			this.contenders.put(kind, contender);
			long begun = System.nanoTime();
			new Loader(contender, this.arena.dataset()).load();
			progress.accept("%s: %,d entries of %s loaded in %.1f s".formatted(kind, this.arena.dataset().entries(),
					this.arena.dataset().size(), (System.nanoTime() - begun) / 1e9));
		}
		this.arena.settle();
	}

	/**
	 * Run a scenario.
	 * @param scenario the scenario
	 * @param kinds who takes part, of those prepared
	 * @param progress is told what happens
	 * @return what came out, in the order of the contenders
	 * @throws Exception if a round could not be run
	 */
	public List<Outcome> run(Scenario scenario, List<ContenderKind> kinds, Consumer<String> progress) throws Exception {
		for (ContenderKind kind : kinds) {
			for (Workload operation : kind.operations(scenario.workload())) {
				warmUpOnce(kind, operation, progress);
			}
		}
		List<Entrant> entrants = entrants(kinds, scenario);
		List<Entrant> order = new ArrayList<>(entrants);
		Collections.shuffle(order, this.random);
		for (Entrant entrant : order) {
			entrant.warmUp();
		}
		for (int round = 0; round < this.pace.rounds(); round++) {
			Collections.shuffle(order, this.random);
			for (Entrant entrant : order) {
				entrant.measure();
			}
		}
		List<Outcome> outcomes = new ArrayList<>();
		for (Entrant entrant : entrants) {
			outcomes.add(entrant.outcome());
		}
		return outcomes;
	}

	private void warmUpOnce(ContenderKind kind, Workload operation, Consumer<String> progress) throws Exception {
		String contender = kind.toString();
		if (this.firstWarmUps.stream()
			.anyMatch((done) -> done.contender().equals(contender) && done.operation().equals(operation.toString()))) {
			return;
		}
		List<Entrant> turns = FIRST_CALLERS.stream()
			.flatMap((callers) -> entrants(List.of(kind), scenario(operation, callers)).stream())
			.toList();
		CompilerWatch compiler = CompilerWatch.begin(this.pace.firstWarmUp());
		do {
			for (Entrant turn : turns) {
				turn.warmUp(this.pace.firstWarmUp());
			}
		}
		while (!compiler.isOver());
		WarmUp warmUp = compiler.result();
		this.firstWarmUps.add(new FirstWarmUp(contender, operation.toString(), warmUp));
		progress.accept(String.format(Locale.ROOT, "%s: %s warmed up in %.1f s, compiler then busy %.0f %%", contender,
				operation, warmUp.seconds(), 100 * warmUp.compiling()));
	}

	private Scenario scenario(Workload workload, Callers callers) {
		return new Scenario(workload, this.arena.dataset().size(), callers, KeyDistribution.UNIFORM);
	}

	private List<Entrant> entrants(List<ContenderKind> kinds, Scenario scenario) {
		Dataset dataset = this.arena.dataset();
		Steps steps = new Steps(scenario, dataset.entries(), this.seed);
		List<Entrant> entrants = new ArrayList<>();
		this.contenders.forEach((kind, contender) -> {
			if (kinds.contains(kind) && kind.canTakePartIn(scenario)) {
				entrants.add(new Entrant(kind, contender, scenario, dataset, steps, this.pace));
			}
		});
		return entrants;
	}

	@Override
	public void close() {
		this.contenders.values().forEach(Contender::close);
		this.arena.close();
	}

}
