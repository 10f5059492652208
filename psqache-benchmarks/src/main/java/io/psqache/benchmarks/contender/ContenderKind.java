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

package io.psqache.benchmarks.contender;

import java.util.Locale;
import java.util.function.Function;

/**
 * The contenders.
 */
public enum ContenderKind {

	/**
	 * psqache with its defaults.
	 */
	PSQACHE((arena) -> SpringCacheContender.psqache(arena, "jsonb")),

	PSQACHE_BINARY((arena) -> SpringCacheContender.psqache(arena, "binary")),

	/**
	 * The baseline of psqache: the minimum cost of coalescing over pgjdbc.
	 */
	FLOOR((arena) -> new FloorContender(arena, true)),

	FLOOR_BINARY((arena) -> new FloorContender(arena, false)),

	/**
	 * Spring Data Redis on one shared connection, with {@code immediateWrites()}.
	 */
	REDIS_CACHE(SpringCacheContender::redis),

	/**
	 * The nearest peer on PostgreSQL.
	 */
	PGCACHE(PgCacheContender::open);

	@SuppressWarnings("ImmutableEnumChecker") // The lambdas are stateless.
	private final Function<Arena, Contender> opener;

	ContenderKind(Function<Arena, Contender> opener) {
		this.opener = opener;
	}

	/**
	 * Open the contender, with nothing stored.
	 * @param arena the servers
	 * @return the contender
	 */
	public Contender open(Arena arena) {
		return this.opener.apply(arena);
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
