package io.psqache.benchmarks.measure;

import java.time.Duration;
import java.util.Locale;

/**
 * How long a warm-up takes, whatever the compiler does.
 *
 * @param least at least so long
 * @param most ends even if the compiler is still busy, but for the round it is in
 */
public record WarmUpLimit(Duration least, Duration most) {

	public WarmUpLimit {
		if (least.isNegative() || least.isZero() || most.compareTo(least) < 0) {
			throw new IllegalArgumentException("A warm-up takes some time, at most no less than at least, not "
					+ least.toMillis() + " to " + most.toMillis() + " ms");
		}
	}

	/**
	 * Read a limit.
	 * @param text seconds such as 3..30, or 1 for exactly that
	 * @return the limit
	 */
	public static WarmUpLimit parse(String text) {
		int dots = text.indexOf("..");
		return (dots < 0) ? new WarmUpLimit(seconds(text), seconds(text))
				: new WarmUpLimit(seconds(text.substring(0, dots)), seconds(text.substring(dots + 2)));
	}

	private static Duration seconds(String text) {
		return Duration.ofMillis(Math.round(1000 * Double.parseDouble(text)));
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%.1f to %.1f s", this.least.toMillis() / 1000.0,
				this.most.toMillis() / 1000.0);
	}

}
