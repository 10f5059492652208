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

package io.psqache.internal.codec;

import java.util.Set;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.ClassUtils;

/**
 * The value types of JDBC, PostgreSQL and Spring that psqache stores without a module of
 * the application. They are trusted by their exact names, because they only hold data.
 */
final class LibraryTypes {

	private static final Set<String> NAMES = Set.of("java.sql.Date", "java.sql.Time", "java.sql.Timestamp",
			"org.postgresql.util.PGInterval", "org.postgresql.util.PGobject", "org.springframework.data.domain.Page",
			"org.springframework.data.domain.PageImpl", "org.springframework.data.domain.PageRequest",
			"org.springframework.data.domain.Pageable", "org.springframework.data.domain.Slice",
			"org.springframework.data.domain.SliceImpl", "org.springframework.data.domain.Sort",
			"org.springframework.data.domain.Sort$Direction", "org.springframework.data.domain.Sort$NullHandling",
			"org.springframework.data.domain.Sort$Order", "org.springframework.data.domain.Unpaged",
			"org.springframework.http.HttpHeaders", "org.springframework.http.HttpStatus",
			"org.springframework.http.ReadOnlyHttpHeaders", "org.springframework.http.ResponseEntity",
			"org.springframework.security.core.GrantedAuthority",
			"org.springframework.security.core.authority.SimpleGrantedAuthority",
			"org.springframework.security.core.userdetails.User",
			"org.springframework.security.core.userdetails.UserDetails");

	private LibraryTypes() {
	}

	static boolean contains(String className) {
		return NAMES.contains(className);
	}

	/**
	 * Add the modules of the types whose libraries are on the class path.
	 */
	static void addTo(JsonMapper.Builder builder) {
		builder.addModule(JdbcTypes.module());
		if (isPresent("org.springframework.data.domain.PageImpl")) {
			builder.addModule(SpringDataTypes.module());
		}
		if (isPresent("org.springframework.http.ResponseEntity")) {
			builder.addModule(HttpTypes.module());
		}
		if (isPresent("org.springframework.security.core.userdetails.User")) {
			builder.addModule(SecurityTypes.module());
		}
	}

	static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, LibraryTypes.class.getClassLoader());
	}

}
