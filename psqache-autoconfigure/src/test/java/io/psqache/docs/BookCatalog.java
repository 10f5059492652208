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

package io.psqache.docs;

import java.util.Collection;
import java.util.Map;

import io.psqache.PostgresCacheManager;
import io.psqache.TypedCache;

import org.springframework.stereotype.Service;

@Service
public class BookCatalog {

	private final TypedCache<String, Book> books;

	private final BookRepository repository;

	public BookCatalog(PostgresCacheManager cacheManager, BookRepository repository) {
		this.books = cacheManager.typedCache("books", String.class, Book.class);
		this.repository = repository;
	}

	public Book find(String isbn) {
		// one load for all callers that miss together
		return this.books.get(isbn, this.repository::load);
	}

	public Map<String, Book> findAll(Collection<String> isbns) {
		// one statement for up to 1,000 keys
		return this.books.getAll(isbns);
	}

}
