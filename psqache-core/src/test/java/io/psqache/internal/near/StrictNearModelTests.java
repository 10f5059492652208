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

package io.psqache.internal.near;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A model of the protocol of strict near caches, of which every state is visited: one or
 * two holders, an instance that joins, and a writer that changes one entry once. Messages
 * may be lost, each instance may die at any step, and a lease may lapse at any time.
 * <p>
 * In no state does an instance have an old near entry that it would use while the change
 * is committed. The model fails when a step of the protocol is left out.
 */
class StrictNearModelTests {

	private static final Logger logger = LoggerFactory.getLogger(StrictNearModelTests.class);

	private static final int HOLDERS = 3;

	private static final int OLD = 1;

	private static final int NEW = 2;

	@ParameterizedTest
	@EnumSource
	void noStateHasAnOutdatedNearEntryThatIsUsed(Mode mode) {
		visitAll(mode, 3, 1);
	}

	@ParameterizedTest
	@EnumSource
	void noStateHasAnOutdatedNearEntryThatIsUsedAfterALeaseWasTakenAgain(Mode mode) {
		visitAll(mode, 2, 3);
	}

	private static void visitAll(Mode mode, int instances, int takes) {
		Exploration exploration = new Exploration(mode, EnumSet.noneOf(Omission.class), instances, takes);
		exploration.run();
		logger.info("{}, {} instances, {} leases each: {} states", mode, instances, takes, exploration.seen.size);
		assertThat(exploration.violation).isNull();
		assertThat(exploration.seen.size).isGreaterThan(10_000);
		assertThat(exploration.nearEntryOfTheNewValue).as("near entries are created again").isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void modelFailsWithoutAStepOfTheProtocol(Omission omission) {
		boolean violated = false;
		for (Mode mode : Mode.values()) {
			Exploration exploration = new Exploration(mode, EnumSet.of(omission), 2, 2);
			exploration.run();
			violated |= exploration.violation != null;
		}
		assertThat(violated).isTrue();
	}

	/**
	 * How the writer makes its change.
	 */
	enum Mode {

		/**
		 * In a transaction each of whose statements has a snapshot of its own.
		 */
		TRANSACTION,

		/**
		 * In a transaction that keeps the snapshot it took before the lease of the
		 * instance that joins.
		 */
		KEPT_SNAPSHOT,

		/**
		 * By a statement outside of transactions.
		 */
		STATEMENT

	}

	/**
	 * A step that is left out.
	 */
	enum Omission {

		/**
		 * An instance that joins does not wait for transactions that have written.
		 */
		WAIT_FOR_WRITERS,

		/**
		 * The statement does not ask for the version of the leases.
		 */
		VERSION,

		/**
		 * The writer does not revoke the lease for whose lapse it waits.
		 */
		REVOCATION,

		/**
		 * A lease counts from the answer to its renewal.
		 */
		BEGIN_OF_RENEWAL,

		/**
		 * A read that began before the suspension leaves a near entry.
		 */
		STAMP,

		/**
		 * Near entries are created while the key is suspended.
		 */
		SUSPENSION,

		/**
		 * The writer does not wait for acknowledgements.
		 */
		ACKNOWLEDGEMENT

	}

	/**
	 * What the writer does next.
	 */
	private static final class Step {

		static final int LOOK = 0;

		static final int LOCK = 1;

		static final int EXECUTE = 2;

		static final int SEND = 3;

		static final int AWAIT = 4;

		static final int COMMIT = 5;

		static final int RESUME = 6;

		static final int END = 7;

	}

	/**
	 * The values of all variables, as bits of one number.
	 */
	private static final class State {

		// Of each instance that may hold a lease. A field is its first bit and its width.

		/**
		 * 0: no lease, 1: taken, 2: waits for the writer, 3: used, 4: dead, 5: waits no
		 * more.
		 */
		static final int STAGE = field(0, 3);

		static final int VALID = field(3, 1);

		static final int COPY = field(4, 2);

		/**
		 * What a read of the database has found that is about to leave a near entry.
		 */
		static final int FILL = field(6, 2);

		/**
		 * 1: since before the lease was taken, 2: since later.
		 */
		static final int SUSPENDED = field(8, 2);

		/**
		 * Whether a renewal is under way that has found the lease.
		 */
		static final int RENEWAL = field(10, 1);

		/**
		 * A message of the writer. 1: suspend, 2: resume, 3: both.
		 */
		static final int MAIL = field(11, 2);

		/**
		 * How many leases it has taken, of which the last one is in the table.
		 */
		static final int TAKEN = field(13, 2);

		static final int REVOKED = field(15, 1);

		/**
		 * Which of its leases the writer knows.
		 */
		static final int KNOWN = field(16, 2);

		/**
		 * Whether the writer assumes that it uses no near entries.
		 */
		static final int QUIET = field(18, 1);

		private static final int WIDTH = 19;

		// Of all.

		static final int STEP = field(HOLDERS * WIDTH, 3);

		static final int LOCKED = field(HOLDERS * WIDTH + 3, 1);

		static final int DATA = field(HOLDERS * WIDTH + 4, 2);

		private long values;

		State(long values) {
			this.values = values;
		}

		private static int field(int first, int width) {
			return first * 4 + width;
		}

		int get(int holder, int field) {
			int first = (holder * WIDTH) + (field / 4);
			int mask = (1 << (field % 4)) - 1;
			return (int) (this.values >>> first) & mask;
		}

		void set(int holder, int field, int value) {
			int first = (holder * WIDTH) + (field / 4);
			long mask = ((1L << (field % 4)) - 1) << first;
			this.values = (this.values & ~mask) | ((long) value << first);
		}

		int get(int field) {
			return get(0, field);
		}

		void set(int field, int value) {
			set(0, field, value);
		}

		/**
		 * Two holders are as good as one another.
		 */
		long normalized() {
			int second = 2 * WIDTH;
			long mask = (1L << WIDTH) - 1;
			long one = (this.values >>> WIDTH) & mask;
			long other = (this.values >>> second) & mask;
			if (one <= other || other == 0) {
				return this.values;
			}
			long rest = this.values & ~(mask << WIDTH) & ~(mask << second);
			return rest | (other << WIDTH) | (one << second);
		}

		@Override
		public String toString() {
			return Long.toHexString(this.values);
		}

	}

	/**
	 * A set of numbers other than zero.
	 */
	private static final class Numbers {

		private long[] table = new long[1 << 16];

		private int size;

		boolean add(long number) {
			if (!insert(number)) {
				return false;
			}
			if (++this.size > this.table.length / 2) {
				long[] present = this.table;
				this.table = new long[2 * present.length];
				Arrays.stream(present).filter((each) -> each != 0).forEach(this::insert);
			}
			return true;
		}

		private boolean insert(long number) {
			int mask = this.table.length - 1;
			long hash = number * 0x9E3779B97F4A7C15L;
			int index = (int) (hash >>> 32) & mask;
			while (this.table[index] != 0) {
				if (this.table[index] == number) {
					return false;
				}
				index = (index + 1) & mask;
			}
			this.table[index] = number;
			return true;
		}

	}

	/**
	 * Visits all states.
	 */
	private static final class Exploration {

		private final Mode mode;

		private final Set<Omission> omissions;

		private final int instances;

		private final int takes;

		private final Numbers seen = new Numbers();

		private long[] open = new long[1024];

		private int openSize;

		private @Nullable String violation;

		private boolean nearEntryOfTheNewValue;

		Exploration(Mode mode, Set<Omission> omissions, int instances, int takes) {
			this.mode = mode;
			this.omissions = omissions;
			this.instances = instances;
			this.takes = takes;
		}

		void run() {
			State first = new State(0);
			for (int holder = 1; holder < this.instances; holder++) { // the first one
																		// joins
				first.set(holder, State.STAGE, 3);
				first.set(holder, State.VALID, 1);
				first.set(holder, State.COPY, OLD);
				first.set(holder, State.TAKEN, 1);
			}
			first.set(State.DATA, OLD);
			first.set(State.STEP, (this.mode == Mode.KEPT_SNAPSHOT) ? Step.LOCK : Step.LOOK);
			visit(first);
			while (this.openSize > 0 && this.violation == null) {
				State state = new State(this.open[--this.openSize]);
				writer(state);
				for (int holder = 0; holder < this.instances; holder++) {
					holder(state, holder);
				}
			}
		}

		private void visit(State state) {
			long values = state.normalized();
			if (!this.seen.add(values)) {
				return;
			}
			for (int holder = 0; holder < this.instances; holder++) {
				if (state.get(holder, State.VALID) == 1 && state.get(State.DATA) == NEW) {
					if (state.get(holder, State.COPY) == OLD) {
						this.violation = "instance %d in %s".formatted(holder, state);
					}
					this.nearEntryOfTheNewValue |= state.get(holder, State.COPY) == NEW;
				}
			}
			if (this.openSize == this.open.length) {
				this.open = Arrays.copyOf(this.open, 2 * this.openSize);
			}
			this.open[this.openSize++] = values;
		}

		private void next(State state, Consumer<State> change) {
			State copy = new State(state.values);
			change.accept(copy);
			visit(copy);
		}

		private boolean keeps(Omission step) {
			return !this.omissions.contains(step);
		}

		private void writer(State state) {
			int step = state.get(State.STEP);
			switch (step) {
				case Step.LOOK -> next(state, this::look);
				case Step.LOCK -> next(state, (to) -> {
					to.set(State.LOCKED, 1);
					to.set(State.STEP, (this.mode == Mode.KEPT_SNAPSHOT) ? Step.LOOK : Step.EXECUTE);
				});
				case Step.EXECUTE -> next(state, this::execute);
				case Step.SEND -> next(state, this::send);
				case Step.AWAIT -> await(state);
				case Step.COMMIT -> next(state, (to) -> {
					to.set(State.DATA, NEW);
					unlock(to);
					to.set(State.STEP, Step.RESUME);
				});
				case Step.RESUME -> next(state, (to) -> {
					for (int holder = 0; holder < this.instances; holder++) {
						if (to.get(holder, State.KNOWN) > 0) {
							to.set(holder, State.MAIL, to.get(holder, State.MAIL) | 2);
						}
						to.set(holder, State.KNOWN, 0);
						to.set(holder, State.QUIET, 0);
					}
					to.set(State.STEP, Step.END);
				});
				default -> {
				}
			}
			if (step < Step.RESUME) { // it dies, or rolls back
				next(state, (to) -> {
					unlock(to);
					to.set(State.STEP, Step.END);
				});
				next(state, (to) -> {
					unlock(to);
					to.set(State.STEP, Step.RESUME);
				});
			}
		}

		private void look(State to) {
			for (int holder = 0; holder < this.instances; holder++) {
				to.set(holder, State.KNOWN, to.get(holder, State.TAKEN));
				to.set(holder, State.QUIET, 0);
			}
			to.set(State.STEP, (this.mode == Mode.TRANSACTION && to.get(State.LOCKED) == 0) ? Step.LOCK
					: (this.mode == Mode.TRANSACTION) ? Step.EXECUTE : Step.SEND);
		}

		/**
		 * The snapshot of the statement is taken after the lock.
		 */
		private void execute(State to) {
			boolean current = true;
			for (int holder = 0; holder < this.instances; holder++) {
				current &= to.get(holder, State.TAKEN) == to.get(holder, State.KNOWN);
			}
			if (keeps(Omission.VERSION) && !current) {
				if (this.mode == Mode.STATEMENT) {
					unlock(to);
				}
				to.set(State.STEP, Step.LOOK);
				return;
			}
			to.set(State.STEP, (this.mode == Mode.STATEMENT) ? Step.COMMIT : Step.SEND);
		}

		private void send(State to) {
			for (int holder = 0; holder < this.instances; holder++) {
				if (to.get(holder, State.KNOWN) > 0) {
					to.set(holder, State.MAIL, 1);
				}
			}
			to.set(State.STEP, Step.AWAIT);
		}

		private void await(State state) {
			boolean quiet = true;
			for (int each = 0; each < this.instances; each++) {
				int holder = each;
				if (state.get(holder, State.KNOWN) == 0 || state.get(holder, State.QUIET) == 1) {
					continue;
				}
				quiet = false;
				if (state.get(holder, State.TAKEN) != state.get(holder, State.KNOWN)) {
					next(state, (to) -> to.set(holder, State.QUIET, 1)); // that lease is
																			// gone
				}
				else if (state.get(holder, State.REVOKED) == 0 && keeps(Omission.REVOCATION)) {
					next(state, (to) -> to.set(holder, State.REVOKED, 1));
				}
				else {
					next(state, (to) -> lapse(to, holder));
				}
			}
			if (quiet || !keeps(Omission.ACKNOWLEDGEMENT)) {
				next(state, (to) -> to.set(State.STEP, (this.mode == Mode.STATEMENT) ? Step.LOCK : Step.COMMIT));
			}
		}

		/**
		 * The length of a lease has passed since it was revoked: what was renewed before
		 * has lapsed, and what a renewal under way began before.
		 */
		private void lapse(State to, int holder) {
			to.set(holder, State.VALID, 0);
			if (keeps(Omission.BEGIN_OF_RENEWAL)) {
				to.set(holder, State.RENEWAL, 0);
			}
			to.set(holder, State.QUIET, 1);
		}

		private void unlock(State to) {
			to.set(State.LOCKED, 0);
			for (int holder = 0; holder < this.instances; holder++) {
				if (to.get(holder, State.STAGE) == 2) {
					to.set(holder, State.STAGE, 5);
				}
			}
		}

		private void holder(State state, int holder) {
			int stage = state.get(holder, State.STAGE);
			if (stage == 4) {
				return;
			}
			next(state, (to) -> {
				lose(to, holder);
				die(to, holder);
			});
			if (stage == 0 && state.get(holder, State.TAKEN) < this.takes) {
				next(state, (to) -> take(to, holder));
			}
			if (stage == 1) {
				boolean waits = state.get(State.LOCKED) == 1 && keeps(Omission.WAIT_FOR_WRITERS);
				next(state, (to) -> to.set(holder, State.STAGE, waits ? 2 : 5));
			}
			if (stage == 5) {
				next(state, (to) -> {
					to.set(holder, State.STAGE, 3);
					if (to.get(holder, State.SUSPENDED) == 1) {
						to.set(holder, State.SUSPENDED, 0);
					}
				});
			}
			if (stage == 3) {
				use(state, holder);
			}
			receive(state, holder);
		}

		private static void take(State to, int holder) {
			to.set(holder, State.TAKEN, to.get(holder, State.TAKEN) + 1);
			to.set(holder, State.REVOKED, 0);
			to.set(holder, State.STAGE, 1);
			if (to.get(holder, State.SUSPENDED) == 2) {
				to.set(holder, State.SUSPENDED, 1);
			}
		}

		private static void die(State to, int holder) {
			to.set(holder, State.STAGE, 4);
			to.set(holder, State.MAIL, 0);
			to.set(holder, State.SUSPENDED, 0);
		}

		/**
		 * An instance that takes no other lease is as good as dead.
		 */
		private void lose(State to, int holder) {
			to.set(holder, State.STAGE, 0);
			to.set(holder, State.VALID, 0);
			to.set(holder, State.COPY, 0);
			to.set(holder, State.FILL, 0);
			to.set(holder, State.RENEWAL, 0);
			if (to.get(holder, State.TAKEN) == this.takes) {
				die(to, holder);
			}
		}

		private void use(State state, int holder) {
			if (state.get(holder, State.VALID) == 1) {
				next(state, (to) -> to.set(holder, State.VALID, 0));
				if (state.get(holder, State.FILL) == 0 && state.get(holder, State.COPY) == 0
						&& (state.get(holder, State.SUSPENDED) == 0 || !keeps(Omission.SUSPENSION))) {
					next(state, (to) -> to.set(holder, State.FILL, to.get(State.DATA)));
				}
			}
			if (state.get(holder, State.FILL) != 0) {
				next(state, (to) -> {
					to.set(holder, State.COPY, to.get(holder, State.FILL));
					to.set(holder, State.FILL, 0);
				});
			}
			if (state.get(holder, State.RENEWAL) == 1) {
				next(state, (to) -> {
					to.set(holder, State.RENEWAL, 0);
					to.set(holder, State.VALID, 1);
				});
			}
			else if (state.get(holder, State.REVOKED) == 0) {
				if (state.get(holder, State.VALID) == 0) {
					next(state, (to) -> to.set(holder, State.RENEWAL, 1));
				}
			}
			else {
				next(state, (to) -> lose(to, holder));
			}
			if (state.get(holder, State.SUSPENDED) != 0) { // for too long
				next(state, (to) -> lose(to, holder));
			}
		}

		private void receive(State state, int holder) {
			int mail = state.get(holder, State.MAIL);
			if (mail == 0) {
				return;
			}
			next(state, (to) -> to.set(holder, State.MAIL, mail & ~((mail == 2) ? 2 : 1))); // lost
			if (mail == 2) {
				next(state, (to) -> {
					to.set(holder, State.MAIL, 0);
					to.set(holder, State.SUSPENDED, 0);
				});
				return;
			}
			next(state, (to) -> suspend(to, holder, mail & 2));
			next(state, (to) -> {
				suspend(to, holder, mail & 2);
				boolean expected = to.get(State.STEP) == Step.AWAIT && to.get(holder, State.KNOWN) > 0;
				to.set(holder, State.QUIET, expected ? 1 : to.get(holder, State.QUIET));
			});
		}

		/**
		 * The acknowledgement may be lost. That it is under way is no state of its own:
		 * the writer may act on it at any later time.
		 */
		private void suspend(State to, int holder, int mail) {
			to.set(holder, State.MAIL, mail);
			to.set(holder, State.SUSPENDED, 2);
			to.set(holder, State.COPY, 0);
			if (keeps(Omission.STAMP)) {
				to.set(holder, State.FILL, 0);
			}
		}

	}

}
