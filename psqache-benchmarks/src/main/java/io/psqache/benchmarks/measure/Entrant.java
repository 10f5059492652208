package io.psqache.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;

import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.workload.Callers;
import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.Steps;
import io.psqache.benchmarks.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * A contender in a scenario, and what it has done there so far.
 */
final class Entrant {

	/**
	 * A warm-up has at least so many rounds.
	 */
	private static final int WARM_UP_PARTS = 6;

	/**
	 * Such a part of the puts is a round of a warm-up, since a single caller may have to
	 * do it.
	 */
	private static final int WARM_UP_PUTS_PART = 20;

	private final ContenderKind kind;

	private final Contender contender;

	private final Scenario scenario;

	private final Dataset dataset;

	private final Steps steps;

	private final Pace pace;

	private final List<Measurement> measurements = new ArrayList<>();

	private WarmUp warmUp = new WarmUp(0, 0);

	private @Nullable Double heldMegabytes;

	Entrant(ContenderKind kind, Contender contender, Scenario scenario, Dataset dataset, Steps steps, Pace pace) {
		this.kind = kind;
		this.contender = contender;
		this.scenario = scenario;
		this.dataset = dataset;
		this.steps = steps;
		this.pace = pace;
	}

	/**
	 * Run rounds that do not count until the compiler is quiet. Where puts may pile up,
	 * one more looks at the memory, since collecting the heap takes time.
	 */
	void warmUp() throws Exception {
		CompilerWatch compiler = CompilerWatch.begin(this.pace.warmUp());
		do {
			warmUp(this.pace.warmUp());
		}
		while (!compiler.isOver());
		this.warmUp = compiler.result();
		if (isSustained()) {
			Memory memory = new Memory();
			run(limit(), memory::measure);
			this.heldMegabytes = memory.heldMegabytes();
		}
	}

	/**
	 * Run a part of a warm-up.
	 * @param whole what all of it may take
	 */
	void warmUp(WarmUpLimit whole) throws Exception {
		run(isSustained() ? puts(this.pace.sustainedPuts() / WARM_UP_PUTS_PART)
				: Limit.time(whole.least().dividedBy(WARM_UP_PARTS)), () -> {
				});
	}

	/**
	 * Run a round that counts. The heap is collected before, so that nobody pays for the
	 * garbage of the one before.
	 */
	void measure() throws Exception {
		System.gc();
		this.measurements.add(run(limit(), () -> {
		}));
	}

	private Limit limit() {
		return isSustained() ? puts(this.pace.sustainedPuts()) : Limit.time(this.pace.round());
	}

	private Limit puts(int all) {
		return Limit.calls(Math.max(1, all / this.scenario.callers().count()));
	}

	private boolean isSustained() {
		return this.scenario.workload() == Workload.SUSTAINED;
	}

	private Measurement run(Limit limit, Runnable afterCalls) throws Exception {
		Callers callers = this.scenario.callers();
		Round round = new Round(this.contender, callers, this.steps, limit);
		if (isSustained()) {
			PutLog log = new PutLog(this.contender, this.dataset, this.steps, callers.count());
			return round.run(log::task, afterCalls).withFurtherErrors(log.lost(), "lost put");
		}
		Task task = Task.of(this.scenario.workload(), this.contender, this.dataset, this.steps);
		return round.run((caller) -> task, afterCalls);
	}

	/**
	 * What it did, after a last look whether what it stores is still right.
	 */
	Outcome outcome() throws Exception {
		long wrong = Inspection.wrongEntries(this.contender, this.dataset);
		int last = this.measurements.size() - 1;
		this.measurements.set(last, this.measurements.get(last).withFurtherErrors(wrong, "wrong entry"));
		return new Outcome(this.kind.toString(), List.copyOf(this.measurements), this.warmUp, this.heldMegabytes);
	}

}
