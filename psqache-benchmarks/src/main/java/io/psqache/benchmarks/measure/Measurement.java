package io.psqache.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/**
 * What one contender did in one round. Times are in microseconds where not named
 * otherwise.
 *
 * @param calls how many there were
 * @param seconds from the first call until the last was answered and everything applied
 * @param p50 half of the calls took at most this long
 * @param p99 99 of a hundred
 * @param p999 999 of a thousand
 * @param jvmCpu processor time a call in this process
 * @param serverCpu processor time a call in the server, {@code null} where it cannot be
 * known
 * @param drainMillis how long after the last call had returned everything was applied
 * @param errors calls that failed or gave a wrong answer
 * @param firstError what was wrong with the first of them
 */
public record Measurement(long calls, double seconds, double p50, double p99, double p999, double jvmCpu,
		@Nullable Double serverCpu, double drainMillis, long errors, @Nullable String firstError) {

	public double callsPerSecond() {
		return this.calls / this.seconds;
	}

	/**
	 * Processor time a call, wherever it was spent.
	 * @return microseconds; not a number where the server's cannot be known
	 */
	public double totalCpu() {
		return this.jvmCpu + serverCpuOrNaN();
	}

	/**
	 * Processor time a call in the server.
	 * @return microseconds; not a number where it cannot be known
	 */
	public double serverCpuOrNaN() {
		return (this.serverCpu != null) ? this.serverCpu : Double.NaN;
	}

	Measurement withFurtherErrors(long further, String error) {
		return (further == 0) ? this
				: new Measurement(this.calls, this.seconds, this.p50, this.p99, this.p999, this.jvmCpu, this.serverCpu,
						this.drainMillis, this.errors + further, (this.firstError != null) ? this.firstError : error);
	}

}
