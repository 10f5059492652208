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

import java.sql.SQLException;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Finds what is behind a {@code DataSource} that wraps another one.
 */
final class DataSources {

	private DataSources() {
	}

	/**
	 * Look through wrappers, by JDBC's own way or Spring's, and through proxies.
	 * @return {@code null} if there is no {@code DataSource} of this type
	 */
	static <T> @Nullable T unwrap(@Nullable DataSource dataSource, Class<T> type) {
		if (dataSource == null) {
			return null;
		}
		if (type.isInstance(dataSource)) {
			return type.cast(dataSource);
		}
		T unwrapped = byJdbc(dataSource, type);
		return (unwrapped != null) ? unwrapped : unwrap(target(dataSource), type);
	}

	private static <T> @Nullable T byJdbc(DataSource dataSource, Class<T> type) {
		try {
			return dataSource.isWrapperFor(type) ? dataSource.unwrap(type) : null;
		}
		catch (SQLException ex) {
			return null;
		}
	}

	/**
	 * The next {@code DataSource} behind this one.
	 * @return {@code null} if there is none
	 */
	static @Nullable DataSource target(DataSource dataSource) {
		if (dataSource instanceof DelegatingDataSource delegating) {
			return delegating.getTargetDataSource();
		}
		if (AopUtils.isAopProxy(dataSource)) {
			return (AopProxyUtils.getSingletonTarget(dataSource) instanceof DataSource target) ? target : null;
		}
		return null;
	}

}
