package io.psqache.sample;

/**
 * How long the report took. Times are medians, in milliseconds.
 *
 * @param sales how many sales the report covers
 * @param computations how often it was computed
 * @param uncachedMillis time of a call that computed it and cached it
 * @param reads how often it was asked for while it was cached
 * @param hits how many of those calls found it in the cache
 * @param cachedMillis time of such a call
 */
record ReportTimes(long sales, int computations, double uncachedMillis, int reads, int hits, double cachedMillis) {

	double factor() {
		return this.uncachedMillis / this.cachedMillis;
	}

}
