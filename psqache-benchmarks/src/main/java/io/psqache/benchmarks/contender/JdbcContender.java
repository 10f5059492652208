package io.psqache.benchmarks.contender;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cache written by hand in an afternoon: a table, a pool, one statement a call.
 */
final class JdbcContender implements Contender {

	private static final String TABLE = """
			create unlogged table by_hand (
			  key        text        primary key,
			  value      jsonb       not null,
			  expires_at timestamptz not null
			)
			""";

	private static final String SELECT = """
			select value
			from by_hand
			where key = ? and expires_at > now()
			""";

	private static final String UPSERT = """
			insert into by_hand (key, value, expires_at)
			values (?, ?::jsonb, now() + ? * interval '1 second')
			on conflict (key) do update
			set value = excluded.value, expires_at = excluded.expires_at
			""";

	private final JsonMapper mapper = JsonMapper.shared();

	private final HikariDataSource pool;

	private final ServerProcess server;

	JdbcContender(Arena arena) {
		arena.database().execute(TABLE);
		this.pool = arena.database().pool(Arena.POOL_SIZE);
		this.server = arena.postgres();
	}

	@Override
	public @Nullable Product get(String key) throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement statement = connection.prepareStatement(SELECT)) {
			statement.setString(1, key);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? this.mapper.readValue(rows.getString(1), Product.class) : null;
			}
		}
	}

	@Override
	public void put(String key, Product product) throws SQLException {
		try (Connection connection = this.pool.getConnection();
				PreparedStatement statement = connection.prepareStatement(UPSERT)) {
			statement.setString(1, key);
			statement.setString(2, this.mapper.writeValueAsString(product));
			statement.setLong(3, Arena.TIME_TO_LIVE.toSeconds());
			statement.executeUpdate();
		}
	}

	@Override
	public ServerProcess server() {
		return this.server;
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
