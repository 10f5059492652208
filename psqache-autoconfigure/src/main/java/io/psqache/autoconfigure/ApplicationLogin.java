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

package io.psqache.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import com.zaxxer.hikari.util.PropertyElf;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
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
final class ApplicationLogin {

	/**
	 * What new connections execute first, as pools other than HikariCP call it.
	 */
	private static final List<String> INIT_STATEMENTS = List.of("initSQL", "connectionInitSqls");

	private static final String DRIVER_PACKAGE = "org.postgresql.ds";

	private final DataSource application;

	private final @Nullable JdbcConnectionDetails details;

	/**
	 * Read from a {@code DataSource}.
	 * @param application the one of the application
	 * @param details what Spring Boot has made it of, for one that hides its URL
	 */
	ApplicationLogin(DataSource application, @Nullable JdbcConnectionDetails details) {
		this.application = application;
		this.details = details;
	}

	/**
	 * The login now.
	 * @return {@code null} if it cannot be told
	 */
	@Nullable Login now() {
		Login login = ofDataSource();
		return (login != null || this.details == null) ? login : Login.at(this.details.getJdbcUrl(),
				this.details.getDriverClassName(), this.details.getUsername(), this.details.getPassword());
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
	boolean isOfDataSource() {
		try {
			return ofDataSource() != null;
		}
		catch (RuntimeException ex) {
			return true;
		}
	}

	private @Nullable Login ofDataSource() {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(this.application, HikariConfigMXBean.class,
				HikariDataSource.class);
		return (pool != null) ? ofPool(pool) : ofOther(this.application);
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
	private static boolean isOfTheDriver(DataSource source) {
		return source.getClass().getPackageName().equals(DRIVER_PACKAGE);
	}

	private static @Nullable Login ofOther(DataSource application) {
		DataSource target = target(application);
		if (target instanceof AbstractDriverBasedDataSource driverBased) {
			return ofSpring(driverBased);
		}
		HikariDataSource derived = derive(target);
		if (derived == null || derived.getJdbcUrl() == null) {
			return null;
		}
		Login login = Login.at(derived.getJdbcUrl(), derived.getDriverClassName(), derived.getUsername(),
				derived.getPassword());
		return isOfTheDriver(target) ? login : login.withSession(null, initStatements(target));
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

	private static DataSource target(DataSource application) {
		DataSource target = application;
		while (target instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
			target = proxy.getTargetDataSource();
		}
		return target;
	}

	private static @Nullable HikariDataSource derive(DataSource application) {
		try {
			return DataSourceBuilder.derivedFrom(application).type(HikariDataSource.class).build();
		}
		catch (RuntimeException ex) {
			return null; // not a kind that Spring Boot can read properties from
		}
	}

	private static List<String> initStatements(DataSource pool) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(pool);
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
