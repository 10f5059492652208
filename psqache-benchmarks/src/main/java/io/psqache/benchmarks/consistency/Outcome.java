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

package io.psqache.benchmarks.consistency;

import java.util.List;

import io.psqache.benchmarks.support.Text;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one cache under one load.
 *
 * @param setup the cache
 * @param reads the number of judged reads
 * @param hits the share of all reads that were hits, 0 to 1
 * @param stale the number of reads that returned an older version than one committed
 * before them
 * @param longestMillis the maximum time for which such a version was outdated
 * @param rolledBack the number of reads that returned a version that was rolled back
 * @param ownUnseen the number of reads that did not return the version of their own
 * transaction
 * @param wrongAtRest the number of keys that differed from the database while no caller
 * was active
 * @param lookedAtRest the number of keys compared for this
 * @param failure why there are no counts, {@code null} if there are
 */
record Outcome(CacheSetup setup, long reads, double hits, long stale, double longestMillis, long rolledBack,
		long ownUnseen, int wrongAtRest, int lookedAtRest, @Nullable String failure) {

	static final List<String> COLUMNS = List.of("", "reads", "hits", "stale reads", "of 100,000", "longest, ms",
			"rolled back", "own change unseen", "keys wrong at rest");

	static Outcome failed(CacheSetup setup, Exception failure) {
		return new Outcome(setup, 0, 0, 0, 0, 0, 0, 0, 0, failure.toString());
	}

	double staleOf100000() {
		return (this.reads > 0) ? 100_000.0 * this.stale / this.reads : 0;
	}

	List<String> cells() {
		if (this.failure != null) {
			return List.of(this.setup.description(), "**failed**: " + this.failure);
		}
		return List.of(this.setup.description(), Text.format("%,d", this.reads),
				Text.format("%.0f %%", 100 * this.hits), Text.format("%,d", this.stale),
				Text.format("%,.0f", staleOf100000()),
				(this.stale > 0) ? Text.format("%,.1f", this.longestMillis) : "-", Text.format("%,d", this.rolledBack),
				Text.format("%,d", this.ownUnseen), Text.format("%d of %d", this.wrongAtRest, this.lookedAtRest));
	}

}
