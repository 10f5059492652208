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

package io.psqache.plain;

import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/**
 * A cached service on a table of the application.
 */
public class TitleService {

	private final JdbcTemplate jdbc;

	private final AtomicInteger loads = new AtomicInteger();

	public TitleService(DataSource dataSource) {
		this.jdbc = new JdbcTemplate(dataSource);
	}

	@Cacheable("titles")
	public Title find(String isbn) {
		this.loads.incrementAndGet();
		return this.jdbc.queryForObject("select isbn, text from title where isbn = ?",
				(row, number) -> new Title(row.getString(1), row.getString(2)), isbn);
	}

	@Transactional
	@CacheEvict(cacheNames = "titles", key = "#title.isbn")
	public void change(Title title) {
		this.jdbc.update("update title set text = ? where isbn = ?", title.text(), title.isbn());
	}

	public int loads() {
		return this.loads.get();
	}

}
