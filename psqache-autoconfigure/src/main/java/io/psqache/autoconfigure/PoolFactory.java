package io.psqache.autoconfigure;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.StringUtils;

/**
 * Makes the cache's own connection pool, from {@code psqache.datasource.*} or else from
 * the connection details of the application's {@code DataSource}. With connections of its
 * own a cache call inside a transaction never waits for a second connection of the
 * application's pool, which under load is a deadlock.
 */
final class PoolFactory {

	/**
	 * HikariCP accepts no shorter time to wait for a connection.
	 */
	private static final long MIN_CONNECTION_TIMEOUT_MILLIS = 250;

	private final PsqacheProperties properties;

	PoolFactory(PsqacheProperties properties) {
		this.properties = properties;
	}

	/**
	 * Make the pool.
	 * @param application the one {@code DataSource} of the application, if there is one
	 * @param details what the application's {@code DataSource} was made of, if Spring
	 * Boot made it
	 * @return the pool, which has opened no connection yet
	 */
	HikariDataSource create(@Nullable DataSource application, @Nullable JdbcConnectionDetails details) {
		HikariDataSource pool = connectTo(application, details);
		int size = this.properties.pool().maximumSize();
		Duration timeout = this.properties.timeout();
		pool.setPoolName("psqache");
		pool.setMaximumPoolSize(size);
		// With any more the pool retries by itself while PostgreSQL is away, with pauses
		// of up to 5 s, and would notice so much later that it is back. A waiting caller
		// ends them.
		pool.setMinimumIdle(0);
		// HikariCP asks its first connection for the level. When that one breaks over the
		// answer, each that follows is to be set to the level -1, and fails, for ever.
		pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
		pool.setConnectionTimeout(Math.max(MIN_CONNECTION_TIMEOUT_MILLIS, timeout.toMillis()));
		pool.setValidationTimeout(Math.max(MIN_CONNECTION_TIMEOUT_MILLIS, timeout.toMillis()));
		pool.setInitializationFailTimeout(-1); // SchemaInitializer tells what is wrong
		setDriverProperty(pool, "ApplicationName", "psqache");
		setDriverProperty(pool, "tcpKeepAlive", "true");
		// The driver counts these in whole seconds. Workers have a finer limit of their
		// own, once there is a connection. Without the second one, a server that accepts
		// a connection and says nothing more holds the one thread that makes them.
		setDriverProperty(pool, "connectTimeout", String.valueOf(timeout.toSeconds() + 1));
		setDriverProperty(pool, "socketTimeout", String.valueOf(timeout.toSeconds() + 1));
		setDriverProperty(pool, "cancelSignalTimeout", "1");
		return pool;
	}

	/**
	 * What the URL says would take precedence over the property.
	 */
	private static void setDriverProperty(HikariDataSource pool, String name, String value) {
		pool.setJdbcUrl(pool.getJdbcUrl().replaceAll("(?<=[?&])" + name + "=[^&]*&?", ""));
		pool.addDataSourceProperty(name, value);
	}

	/**
	 * Connections made of the same details, one at a time.
	 * @param pool the pool
	 * @param socketTimeout how long each answer may take, in whole seconds; zero for no
	 * limit
	 * @return a {@code DataSource} that opens a connection whenever it is asked for one
	 */
	static DataSource unpooled(HikariDataSource pool, Duration socketTimeout) {
		Properties properties = new Properties();
		properties.putAll(pool.getDataSourceProperties());
		properties.setProperty("socketTimeout", String.valueOf(socketTimeout.toSeconds()));
		DriverManagerDataSource unpooled = new DriverManagerDataSource();
		unpooled.setUrl(pool.getJdbcUrl());
		unpooled.setUsername(pool.getUsername());
		unpooled.setPassword(pool.getPassword());
		unpooled.setConnectionProperties(properties);
		return unpooled;
	}

	/**
	 * Each of {@code psqache.datasource.*} that is not set is the application's.
	 */
	private HikariDataSource connectTo(@Nullable DataSource application, @Nullable JdbcConnectionDetails details) {
		PsqacheProperties.Datasource own = this.properties.datasource();
		HikariDataSource derived = (application != null) ? derive(application, details) : null;
		HikariDataSource pool = StringUtils.hasText(own.url()) ? elsewhere(own.url(), derived) : derived;
		if (pool == null) {
			throw noUrl(application);
		}
		PropertyMapper map = PropertyMapper.get();
		map.from(own::username).to(pool::setUsername);
		map.from(own::password).to(pool::setPassword);
		return pool;
	}

	private static HikariDataSource elsewhere(String url, @Nullable HikariDataSource application) {
		requireDriver(url);
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(url);
		if (application != null) {
			pool.setUsername(application.getUsername());
			pool.setPassword(application.getPassword());
		}
		return pool;
	}

	private static StartupException noUrl(@Nullable DataSource application) {
		if (application == null) {
			return new StartupException(
					"psqache does not know which database to cache in: the application has more than "
							+ "one DataSource, and none of them is primary.",
					"Mark one of them @Primary, or set psqache.datasource.url (with .username and .password).", null);
		}
		return new StartupException(
				"psqache cannot tell the URL behind the application's DataSource (" + application.getClass().getName()
						+ "), which it needs to open connections of its own.",
				"Set psqache.datasource.url, psqache.datasource.username and psqache.datasource.password.", null);
	}

	/**
	 * The URL is not repeated in the message, nor that of the driver manager, which holds
	 * it: there may be a password in it.
	 */
	private static void requireDriver(String url) {
		try {
			DriverManager.getDriver(url);
		}
		catch (SQLException ex) {
			throw new StartupException("psqache.datasource.url is not a JDBC URL that any driver here accepts.",
					"Set it to a PostgreSQL, as in jdbc:postgresql://host:5432/database.", null);
		}
	}

	/**
	 * The {@code DataSource} itself knows best; one that hides its URL may still have
	 * been made from known details.
	 */
	private static @Nullable HikariDataSource derive(DataSource application, @Nullable JdbcConnectionDetails details) {
		HikariDataSource derived = deriveOrNull(application);
		if ((derived == null || derived.getJdbcUrl() == null) && details != null) {
			return DataSourceBuilder.create()
				.type(HikariDataSource.class)
				.url(details.getJdbcUrl())
				.username(details.getUsername())
				.password(details.getPassword())
				.build();
		}
		if (derived == null || derived.getJdbcUrl() == null) {
			return null;
		}
		copyDriverProperties(application, derived);
		return derived;
	}

	private static @Nullable HikariDataSource deriveOrNull(DataSource application) {
		try {
			return DataSourceBuilder.derivedFrom(application).type(HikariDataSource.class).build();
		}
		catch (RuntimeException ex) {
			return null; // not a kind that Spring Boot can read properties from
		}
	}

	/**
	 * Such as those of TLS, which the URL need not repeat.
	 */
	private static void copyDriverProperties(DataSource application, HikariDataSource pool) {
		try {
			if (application.isWrapperFor(HikariDataSource.class)) {
				Properties properties = application.unwrap(HikariDataSource.class).getDataSourceProperties();
				properties.stringPropertyNames()
					.forEach((name) -> pool.addDataSourceProperty(name, properties.getProperty(name)));
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The application's DataSource cannot be unwrapped", ex);
		}
	}

}
