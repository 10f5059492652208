package io.psqache;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.psqache.store.BreakerState;
import io.psqache.store.FailureCause;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application notices of each fault of its server.
 */
class ServerFaultsIntegrationTests extends FaultsFixture {

	@Override
	String url() {
		return this.server.url();
	}

	@Test
	void serverThatIsKilledAndRecovers() {
		outage(this.server::kill, this.server::restart, FailureCause.UNAVAILABLE, FailureCause.TIMEOUT);
	}

	@Test
	void serverThatRefusesConnections() {
		outage(this.server::stop, this.server::restart, FailureCause.UNAVAILABLE, FailureCause.TIMEOUT);
	}

	@Test
	void serverThatIsFrozen() {
		outage(this.server::freeze, this.server::thaw, FailureCause.TIMEOUT);
	}

	@Test
	void serverThatComesBackAsAStandby() {
		outage(() -> {
			this.server.restartAsStandby();
			Concurrently.awaitThat(() -> status().cause() == FailureCause.READ_ONLY);
		}, this.server::promote, FailureCause.READ_ONLY);
	}

	@Test
	void neighbourThatTakesAllConnections() {
		List<Connection> taken = new ArrayList<>();
		outage(() -> takeAllConnections(taken), () -> taken.forEach(ServerFaultsIntegrationTests::close),
				FailureCause.OUT_OF_RESOURCES, FailureCause.UNAVAILABLE, FailureCause.TIMEOUT);
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

	@Test
	void sessionsThatAreTerminatedAllTheTime() {
		long begin = System.nanoTime();
		while (System.nanoTime() - begin < OUTAGE.toNanos()) {
			this.server.execute("select pg_terminate_backend(pid) from pg_stat_activity "
					+ "where application_name = 'psqache' and random() < 0.5");
		}
		assertBack(begin, System.nanoTime());
	}

	@Test
	void schemaThatIsDropped() {
		long begin = System.nanoTime();
		this.server.execute("drop schema psqache cascade");
		assertBack(begin, System.nanoTime());
	}

	@Test
	void rowsThatAreSpoiledAndEntriesThatAreRefused() {
		long begin = System.nanoTime();
		this.server.execute("alter table psqache.entry add check (key <> '7' and key <> '77')");
		while (System.nanoTime() - begin < OUTAGE.toNanos()) {
			this.server.execute("update psqache.entry set type = 'v1 no.such.Type', value = '{\"a\": [1]}' "
					+ "where random() < 0.1");
		}
		assertThat(status().breaker()).isEqualTo(BreakerState.CLOSED);
		assertBack(begin, System.nanoTime());
	}

	private void takeAllConnections(List<Connection> taken) {
		this.server.execute("alter role postgres connection limit -1");
		try {
			while (true) {
				if (taken.size() > 2) {
					try (var statement = taken.get(0).createStatement()) {
						statement.execute("select pg_terminate_backend(pid) from pg_stat_activity "
								+ "where application_name = 'psqache'");
					}
				}
				taken.add(this.server.connect());
			}
		}
		catch (SQLException ex) {
			assertThat(ex.getSQLState()).isEqualTo("53300");
		}
	}

	private Connection lock(String mode) {
		try {
			Connection connection = this.server.connect();
			connection.setAutoCommit(false);
			try (var statement = connection.createStatement()) {
				statement.execute("lock table psqache.entry in " + mode + " mode");
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
