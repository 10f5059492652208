package io.psqache.benchmarks.report;

import io.psqache.benchmarks.contender.ContenderKind;

/**
 * A colour for each contender, the same in every chart, that can be told from the others
 * and from the background, be it light or dark: blue is psqache, red and orange are
 * Spring Data Redis.
 */
final class Palette {

	private Palette() {
	}

	static String of(ContenderKind kind) {
		return switch (kind) {
			case PSQACHE -> "#2f7ed8";
			case PSQACHE_BINARY -> "#22a6b8";
			case REDIS_CACHE -> "#d9483b";
			case REDIS_CACHE_ASYNC -> "#c2607e";
			case REDIS_CACHE_POOL -> "#dd8a2e";
			case PGCACHE -> "#8d63c9";
			case JDBC -> "#3d9a5f";
			case LETTUCE, CAFFEINE -> "#8a8a8a";
		};
	}

}
