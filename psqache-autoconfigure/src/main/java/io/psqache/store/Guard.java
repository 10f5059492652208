package io.psqache.store;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether a {@link Request} is sent, and is told what became of it.
 */
interface Guard {

	/**
	 * Lets everything pass.
	 */
	Guard NONE = new Guard() {

		@Override
		public boolean admits(OperationKind operation) {
			return true;
		}

		@Override
		public void answered(OperationKind operation, @Nullable FailureCause failure) {
		}

	};

	boolean admits(OperationKind operation);

	/**
	 * An operation has its answer.
	 * @param failure why it failed, {@code null} if it did not
	 */
	void answered(OperationKind operation, @Nullable FailureCause failure);

}
