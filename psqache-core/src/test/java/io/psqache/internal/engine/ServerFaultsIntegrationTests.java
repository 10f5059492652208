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

package io.psqache.internal.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.psqache.BreakerState;
import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests the effect of server faults on an application.
 */
class ServerFaultsIntegrationTests extends FaultsFixture {

	@Override
	String url() {
		return server.url();
	}

	@Test
	void serverThatIsKilledAndRecovers() {
		outage(server::kill, server::restart, FailureCause.UNAVAILABLE, FailureCause.TIMEOUT);
	}

	@Test
	void serverThatRecoversFromTheDeathOfASession() {
		long begin = System.nanoTime();
		server.crash();
		assertResumed(begin, System.nanoTime());
	}

	@Test
	void serverThatRefusesConnections() {
		outage(server::stop, server::restart, FailureCause.UNAVAILABLE, FailureCause.TIMEOUT);
	}

	@Test
	void serverThatIsFrozen() {
		outage(server::freeze, server::thaw, FailureCause.TIMEOUT);
	}

	@Test
	void serverThatComesBackAsAStandby() {
		outage(() -> {
			server.restartAsStandby();
			Concurrently.awaitThat(() -> status().cause() == FailureCause.READ_ONLY);
		}, server::promote, FailureCause.READ_ONLY);
	}

	@Test
	void neighbourThatTakesAllConnections() {
		List<Connection> taken = new ArrayList<>();
		try {
			outage(() -> takeAllConnections(taken), () -> taken.forEach(ServerFaultsIntegrationTests::close),
					FailureCause.OUT_OF_RESOURCES, FailureCause.UNAVAILABLE, FailureCause.TIMEOUT);
		}
		finally {
			taken.forEach(ServerFaultsIntegrationTests::close);
		}
	}

	@Test
	void tableThatIsLocked() {
		List<Connection> locking = new ArrayList<>();
		outage(() -> locking.add(lock("access exclusive")), () -> locking.forEach(ServerFaultsIntegrationTests::close),
				FailureCause.TIMEOUT);
	}

	@Test
	void tableThatIsLockedAgainstWrites() {
		List<Connection> locking = new ArrayList<>();
		outage(() -> locking.add(lock("share")), () -> locking.forEach(ServerFaultsIntegrationTests::close),
				FailureCause.TIMEOUT);
	}

	/**
	 * Uses an in-memory file system as a small disk, if the test may mount one.
	 */
	@Test
	void diskThatIsFull(@TempDir Path directory) throws Exception {
		Path disk = Files.createDirectory(directory.resolve("disk"));
		assumeThat(run("mount", "-t", "tmpfs", "-o", "size=16m,mode=777", "tmpfs", disk.toString())).isZero();
		try {
			server.execute("create tablespace small location '" + Files.createDirectory(disk.resolve("data")) + "'");
			server.execute("alter table psqache.cache_entry set tablespace small");
			server.execute("create table ballast (content text) tablespace small");
			long begin = System.nanoTime();
			fill();
			Concurrently.awaitThat(() -> System.nanoTime() - begin > OUTAGE.toNanos());
			server.execute("drop table ballast");
			assertResumed(begin, System.nanoTime());
			server.execute("alter table psqache.cache_entry set tablespace pg_default");
			server.execute("drop tablespace small");
		}
		finally {
			run("umount", "-l", disk.toString());
		}
	}

	/**
	 * Fill the disk until no entry fits.
	 */
	private void fill() {
		for (int kilobytes = 1_024; kilobytes >= 8; kilobytes /= 2) {
			try {
				while (true) {
					server.execute("alter table ballast alter content set storage plain; insert into ballast "
							+ "select repeat('x', 7000) from generate_series(1, " + kilobytes / 8 + ")");
				}
			}
			catch (IllegalStateException ex) {
				assertThat(ex).hasRootCauseInstanceOf(SQLException.class).hasMessageContaining("No space left");
			}
		}
	}

	private static int run(String... command) throws Exception {
		return new ProcessBuilder(command).inheritIO().start().waitFor();
	}

	@Test
	void sessionsThatAreTerminatedAllTheTime() {
		long begin = System.nanoTime();
		while (System.nanoTime() - begin < OUTAGE.toNanos()) {
			server.execute("select pg_terminate_backend(pid) from pg_stat_activity "
					+ "where application_name = 'psqache' and random() < 0.5");
		}
		assertResumed(begin, System.nanoTime());
	}

	@Test
	void schemaThatIsDropped() {
		long begin = System.nanoTime();
		server.execute("drop schema psqache cascade");
		assertResumed(begin, System.nanoTime());
	}

	@Test
	void corruptRowsAndRefusedEntries() {
		long begin = System.nanoTime();
		server.execute(
				"alter table psqache.cache_entry add check (key not in ('7', '77') or type = 'evicted') not valid");
		while (System.nanoTime() - begin < OUTAGE.toNanos()) {
			server.execute("update psqache.cache_entry set type = 'v1 no.such.Type', value = '{\"a\": [1]}' "
					+ "where random() < 0.1 and type <> 'evicted' and key not in ('7', '77')");
		}
		assertThat(status().breaker()).isEqualTo(BreakerState.CLOSED);
		assertResumed(begin, System.nanoTime());
	}

	/**
	 * Take all connections, including those that the cache has reopened in the meantime.
	 */
	private void takeAllConnections(List<Connection> taken) {
		server.execute("alter role postgres connection limit -1");
		boolean all = false;
		while (!all) {
			try {
				taken.add(server.connect());
			}
			catch (SQLException ex) {
				assertThat(ex.getSQLState()).isEqualTo("53300");
				all = terminateSessionsOfTheCache(taken.get(0)) == 0;
			}
		}
	}

	private static long terminateSessionsOfTheCache(Connection connection) {
		try (var statement = connection.createStatement();
				var rows = statement.executeQuery("select count(pg_terminate_backend(pid)) from pg_stat_activity "
						+ "where application_name = 'psqache'")) {
			rows.next();
			return rows.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Connection lock(String mode) {
		try {
			Connection connection = server.connect();
			connection.setAutoCommit(false);
			try (var statement = connection.createStatement()) {
				statement.execute("lock table psqache.cache_entry in " + mode + " mode");
			}
			return connection;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
