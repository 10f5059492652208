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

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.stereotype.Repository;

@Repository
public class BookRepository {

	private final Map<String, Book> books = new ConcurrentHashMap<>();

	private final AtomicInteger loads = new AtomicInteger();

	Book load(String isbn) {
		this.loads.incrementAndGet();
		return Objects.requireNonNull(this.books.get(isbn));
	}

	void save(Book book) {
		this.books.put(book.isbn(), book);
	}

	int loads() {
		return this.loads.get();
	}

}
