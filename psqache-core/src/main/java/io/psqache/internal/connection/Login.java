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

package io.psqache.internal.connection;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/**
 * How to open a connection, as it was configured at one moment. Immutable.
 *
 * @param url the JDBC URL; {@code null} if the details are inside of the
 * {@code DataSource}
 * @param dataSource opens connections where there is no URL
 * @param driverClassName the driver to use; {@code null} for the one that accepts the URL
 * @param username the user; {@code null} if the URL or the {@code DataSource} has it
 * @param password the password; {@code null} likewise
 * @param properties what the driver is told besides
 * @param schema the schema of the session; {@code null} for the default one
 * @param initStatements what a new connection executes first
 */
record Login(@Nullable String url, @Nullable DataSource dataSource, @Nullable String driverClassName,
		@Nullable String username, @Nullable String password, Properties properties, @Nullable String schema,
		List<String> initStatements) {

	static Login at(String url, @Nullable String driverClassName, @Nullable String username,
			@Nullable String password) {
		return new Login(url, null, driverClassName, username, password, new Properties(), null, List.of());
	}

	static Login by(DataSource dataSource, @Nullable String username, @Nullable String password) {
		return new Login(null, dataSource, null, username, password, new Properties(), null, List.of());
	}

	/**
	 * The same login with other credentials, as far as they are given.
	 */
	Login as(@Nullable String username, @Nullable String password) {
		return new Login(this.url, this.dataSource, this.driverClassName, (username != null) ? username : this.username,
				(password != null) ? password : this.password, this.properties, this.schema, this.initStatements);
	}

	/**
	 * The same login with a URL and driver properties, which take precedence over those
	 * that the URL has.
	 */
	Login with(Map<String, String> limits) {
		if (this.url == null) {
			return this;
		}
		String url = this.url;
		Properties properties = new Properties();
		properties.putAll(this.properties);
		for (Map.Entry<String, String> limit : limits.entrySet()) {
			url = url.replaceAll("(?<=[?&])" + limit.getKey() + "=[^&]*&?", "");
			properties.setProperty(limit.getKey(), limit.getValue());
		}
		return new Login(url, this.dataSource, this.driverClassName, this.username, this.password, properties,
				this.schema, this.initStatements);
	}

	Login withDriverProperties(Properties more) {
		Properties properties = new Properties();
		properties.putAll(this.properties);
		more.stringPropertyNames().forEach((name) -> properties.setProperty(name, more.getProperty(name)));
		return new Login(this.url, this.dataSource, this.driverClassName, this.username, this.password, properties,
				this.schema, this.initStatements);
	}

	Login withSession(@Nullable String schema, List<String> initStatements) {
		return new Login(this.url, this.dataSource, this.driverClassName, this.username, this.password, this.properties,
				schema, initStatements);
	}

	/**
	 * The session is for this login: with other credentials, or on another server, what
	 * the application's connections execute first may not apply.
	 */
	Login withoutSession() {
		return withSession(null, List.of());
	}

	Connection open() throws SQLException {
		if (this.dataSource != null) {
			return (this.username != null) ? this.dataSource.getConnection(this.username, this.password)
					: this.dataSource.getConnection();
		}
		Properties properties = new Properties();
		properties.putAll(this.properties);
		if (this.username != null) {
			properties.setProperty("user", this.username);
		}
		if (this.password != null) {
			properties.setProperty("password", this.password);
		}
		Connection connection = driver().connect(this.url, properties);
		if (connection == null) {
			throw noDriver();
		}
		return connection;
	}

	/**
	 * A driver that is named may be one that another driver's URL is meant for.
	 */
	private Driver driver() throws SQLException {
		if (this.driverClassName != null) {
			return namedDriver(this.driverClassName);
		}
		try {
			return DriverManager.getDriver(this.url);
		}
		catch (SQLException ex) {
			throw noDriver(); // the message of this one has the URL, or its code is that
								// of an outage
		}
	}

	private static Driver namedDriver(String className) throws SQLException {
		Enumeration<Driver> registered = DriverManager.getDrivers();
		while (registered.hasMoreElements()) {
			Driver driver = registered.nextElement();
			if (driver.getClass().getName().equals(className)) {
				return driver;
			}
		}
		try {
			return (Driver) BeanUtils
				.instantiateClass(ClassUtils.forName(className, ClassUtils.getDefaultClassLoader()));
		}
		catch (ReflectiveOperationException | LinkageError | RuntimeException ex) {
			throw new SQLException("The JDBC driver " + className + " cannot be created", ex);
		}
	}

	private static SQLException noDriver() {
		return new SQLException("no JDBC driver accepts its URL");
	}

	/**
	 * Without the password, which may also be in the URL.
	 */
	@Override
	public String toString() {
		return "Login[username=" + this.username + "]";
	}

}
