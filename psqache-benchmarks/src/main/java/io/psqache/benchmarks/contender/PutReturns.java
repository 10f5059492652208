package io.psqache.benchmarks.contender;

import io.psqache.benchmarks.workload.Workload;

/**
 * When a put of a contender returns, which decides what it can sensibly be measured in.
 */
enum PutReturns {

	/**
	 * When it is done. {@link Workload#SUSTAINED} then says the same as
	 * {@link Workload#PUT}.
	 */
	DONE {
		@Override
		boolean suits(Workload workload) {
			return workload != Workload.SUSTAINED;
		}
	},

	/**
	 * When it is done, and it is the measure of those that return earlier.
	 */
	DONE_FOR_COMPARISON {
		@Override
		boolean suits(Workload workload) {
			return true;
		}
	},

	/**
	 * At once. If puts were called for a time and not for a number, they would only pile
	 * up in the memory.
	 */
	AT_ONCE {
		@Override
		boolean suits(Workload workload) {
			return workload != Workload.PUT && workload != Workload.MIXED;
		}
	};

	abstract boolean suits(Workload workload);

}
