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

import java.time.Duration;

import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.RedisServer;
import io.psqache.benchmarks.support.ServerProcess;

/**
 * The servers of a comparison, empty at its start. Closing it deletes what was stored.
 *
 * @param database an empty database
 * @param postgres its server
 * @param redis the Redis
 */
public record Arena(Database database, ServerProcess postgres, RedisServer redis) implements AutoCloseable {

	/**
	 * Age limit of every entry of every contender: all of them write and check one, and
	 * no entry reaches it.
	 */
	static final Duration TIME_TO_LIVE = Duration.ofDays(28);

	/**
	 * Connections of each pool but psqache's own.
	 */
	static final int POOL_SIZE = 16;

	public static Arena on(PostgresServer postgres, RedisServer redis) {
		return new Arena(postgres.createDatabase("benchmark"), postgres.process(), redis);
	}

	@Override
	public void close() {
		this.database.close();
		this.redis.flush();
	}

}
