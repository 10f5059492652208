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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import com.zaxxer.hikari.util.PropertyElf;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.lookup.JndiDataSourceLookup;
import org.springframework.util.ClassUtils;

/**
 * Reads from the application's {@code DataSource} how it opens a connection at this
 * moment: passwords are rotated, and tokens are made for each login. A pool is only read,
 * and lends no connection. Thread-safe.
 */
public final class ApplicationLogin {

	/**
	 * What new connections execute first, as pools other than HikariCP call it.
	 */
	private static final List<String> INIT_STATEMENTS = List.of("initSQL", "connectionInitSqls");

	/**
	 * What pools and the driver's own {@code DataSource} call their properties.
	 */
	private static final List<String> URL = List.of("url", "URL", "jdbcUrl");

	private static final List<String> USERNAME = List.of("username", "user");

	private static final List<String> PASSWORD = List.of("password");

	private static final List<String> DRIVER = List.of("driverClassName", "driverClass");

	/**
	 * Classes that have these properties, as far as they are known.
	 */
	private static final List<String> READABLE = List.of(
			"org.springframework.jdbc.datasource.AbstractDriverBasedDataSource",
			"org.postgresql.ds.common.BaseDataSource", "org.apache.tomcat.jdbc.pool.DataSourceProxy",
			"org.apache.commons.dbcp2.BasicDataSource", "com.mchange.v2.c3p0.ComboPooledDataSource");

	private static final String DRIVER_PACKAGE = "org.postgresql.ds";

	private final DataSource application;

	private final @Nullable Supplier<? extends @Nullable DataSource> fallback;

	/**
	 * Read from a {@code DataSource}.
	 * @param application the one of the application
	 * @param fallback answers with another {@code DataSource} to read from, for one that
	 * hides its URL
	 */
	public ApplicationLogin(DataSource application, @Nullable Supplier<? extends @Nullable DataSource> fallback) {
		this.application = application;
		this.fallback = fallback;
	}

	/**
	 * The login now.
	 * @return {@code null} if it cannot be told
	 */
	@Nullable Login now() {
		Login login = ofDataSource();
		return (login != null || this.fallback == null) ? login : of(this.fallback.get());
	}

	/**
	 * Whether it can be told. What makes tokens may be out of order for now.
	 */
	boolean isKnown() {
		try {
			return now() != null;
		}
		catch (RuntimeException ex) {
			return true;
		}
	}

	/**
	 * Whether the {@code DataSource} itself tells it, so that the login leads where its
	 * connections do.
	 */
	public boolean isOfDataSource() {
		try {
			return ofDataSource() != null;
		}
		catch (RuntimeException ex) {
			return true;
		}
	}

	private @Nullable Login ofDataSource() {
		return of(this.application);
	}

	private static @Nullable Login of(@Nullable DataSource source) {
		HikariDataSource pool = DataSources.unwrap(source, HikariDataSource.class);
		if (pool != null) {
			return ofPool(pool);
		}
		return (source != null) ? ofOther(source) : null;
	}

	/**
	 * As HikariCP itself does for each connection.
	 */
	private static @Nullable Login ofPool(HikariDataSource pool) {
		Credentials credentials = (pool.getCredentialsProvider() != null)
				? pool.getCredentialsProvider().getCredentials() : pool.getCredentials();
		Login login = ofPool(pool, credentials);
		if (login == null) {
			return null;
		}
		String initStatement = pool.getConnectionInitSql();
		return login.withSession(pool.getSchema(), (initStatement != null) ? List.of(initStatement) : List.of());
	}

	private static @Nullable Login ofPool(HikariConfig pool, Credentials credentials) {
		DataSource source = source(pool);
		if (source != null) {
			Login login = isOfTheDriver(source) ? ofOther(source) : Login.by(source, null, null);
			return (login != null) ? login.as(credentials.getUsername(), credentials.getPassword()) : null;
		}
		if (pool.getJdbcUrl() == null) {
			return null;
		}
		return Login
			.at(pool.getJdbcUrl(), pool.getDriverClassName(), credentials.getUsername(), credentials.getPassword())
			.withDriverProperties(pool.getDataSourceProperties());
	}

	private static @Nullable DataSource source(HikariConfig pool) {
		if (pool.getDataSource() != null) {
			return pool.getDataSource();
		}
		if (pool.getDataSourceClassName() != null) {
			DataSource source = (DataSource) BeanUtils.instantiateClass(
					ClassUtils.resolveClassName(pool.getDataSourceClassName(), ClassUtils.getDefaultClassLoader()));
			PropertyElf.setTargetFromProperties(source, pool.getDataSourceProperties());
			return source;
		}
		return (pool.getDataSourceJNDI() != null) ? lookUp(pool.getDataSourceJNDI()) : null;
	}

	private static DataSource lookUp(String name) {
		JndiDataSourceLookup lookup = new JndiDataSourceLookup();
		lookup.setResourceRef(false); // as HikariCP does
		return lookup.getDataSource(name);
	}

	/**
	 * Not a subclass, which may open connections by its own way.
	 */
	private static boolean isOfTheDriver(Object source) {
		return source.getClass().getPackageName().equals(DRIVER_PACKAGE);
	}

	private static @Nullable Login ofOther(DataSource application) {
		Object target = readable(application);
		if (target instanceof AbstractDriverBasedDataSource driverBased) {
			return ofSpring(driverBased);
		}
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(target);
		String url = text(properties, URL);
		if (url == null) {
			return null;
		}
		Login login = Login.at(url, text(properties, DRIVER), text(properties, USERNAME), text(properties, PASSWORD));
		return isOfTheDriver(target) ? login : login.withSession(null, initStatements(properties));
	}

	/**
	 * The first of some properties that a {@code DataSource} has.
	 */
	private static @Nullable String text(BeanWrapper properties, List<String> names) {
		for (String name : names) {
			if (properties.isReadableProperty(name) && properties.getPropertyValue(name) instanceof String text) {
				return text;
			}
		}
		return null;
	}

	/**
	 * One that is not a pool opens a connection whenever it is asked for one. A subclass
	 * does so in its own way.
	 */
	private static @Nullable Login ofSpring(AbstractDriverBasedDataSource source) {
		if (source.getClass() == DriverManagerDataSource.class || source.getClass() == SimpleDriverDataSource.class) {
			String url = source.getUrl();
			String driver = (source instanceof SimpleDriverDataSource simple && simple.getDriver() != null)
					? simple.getDriver().getClass().getName() : null;
			Properties properties = source.getConnectionProperties();
			return (url == null) ? null
					: Login.at(url, driver, source.getUsername(), source.getPassword())
						.withDriverProperties((properties != null) ? properties : new Properties())
						.withSession(source.getSchema(), List.of());
		}
		return (source instanceof SingleConnectionDataSource) ? null : Login.by(source, null, null);
	}

	/**
	 * What has properties to read. A proxy shows the classes behind it only to those that
	 * name them.
	 */
	private static Object readable(DataSource application) {
		for (String name : READABLE) {
			if (ClassUtils.isPresent(name, ApplicationLogin.class.getClassLoader())) {
				Object found = DataSources.unwrap(application,
						ClassUtils.resolveClassName(name, ApplicationLogin.class.getClassLoader()));
				if (found != null) {
					return found;
				}
			}
		}
		DataSource innermost = application;
		DataSource target = DataSources.target(application);
		while (target != null) {
			innermost = target;
			target = DataSources.target(target);
		}
		return innermost;
	}

	private static List<String> initStatements(BeanWrapper properties) {
		List<String> statements = new ArrayList<>();
		for (String name : INIT_STATEMENTS) {
			Object value = properties.isReadableProperty(name) ? properties.getPropertyValue(name) : null;
			if (value instanceof String statement) {
				statements.add(statement);
			}
			else if (value instanceof Collection<?> several) {
				several.forEach((statement) -> statements.add(String.valueOf(statement)));
			}
		}
		return statements;
	}

}
