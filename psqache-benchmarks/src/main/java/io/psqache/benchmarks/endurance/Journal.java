package io.psqache.benchmarks.endurance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import io.psqache.benchmarks.report.Verdict;

/**
 * Keeps what comes out of an experiment, and tells it as it comes. Not thread-safe.
 */
final class Journal {

	private final Consumer<String> progress;

	private final List<Finding> findings = new ArrayList<>();

	private final List<Figure> figures = new ArrayList<>();

	private final List<String> remarks = new ArrayList<>();

	private final long begun = System.nanoTime();

	Journal(Consumer<String> progress) {
		this.progress = progress;
	}

	/**
	 * Tell what goes on; it is not kept.
	 */
	void say(String format, Object... arguments) {
		this.progress.accept(
				String.format(Locale.ROOT, "  %4.0f s  ", seconds()) + String.format(Locale.ROOT, format, arguments));
	}

	void count(String name, long count) {
		figure(name, (double) count, "");
	}

	void figure(String name, double value, String unit) {
		Figure figure = new Figure(name, value, unit);
		this.figures.add(figure);
		say("%s: %s", name, figure.number());
	}

	/**
	 * Keep a line that is no number.
	 */
	void remark(String line) {
		this.remarks.add(line);
		say("%s", line);
	}

	/**
	 * Judge a target.
	 * @param target what was looked at
	 * @param bound what it must be
	 * @param measured what it was
	 * @param isReached whether that suffices
	 */
	void judge(String target, String bound, String measured, boolean isReached) {
		add(new Finding(target, bound, measured, isReached ? Verdict.REACHED : Verdict.MISSED));
	}

	void failed(String target, Throwable failure) {
		add(new Finding(target, "completes", String.valueOf(failure), Verdict.FAILED));
	}

	private void add(Finding finding) {
		this.findings.add(finding);
		say("%s", finding.text());
	}

	double seconds() {
		return (System.nanoTime() - this.begun) / 1e9;
	}

	List<Finding> findings() {
		return List.copyOf(this.findings);
	}

	List<Figure> figures() {
		return List.copyOf(this.figures);
	}

	List<String> remarks() {
		return List.copyOf(this.remarks);
	}

}
