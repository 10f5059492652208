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

package com.example.consumer;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

@Service
public class BookService {

	private final AtomicInteger calls = new AtomicInteger();

	@Cacheable("books")
	public Book find(String isbn) {
		return new Book(isbn, "Title " + this.calls.incrementAndGet());
	}

	@CacheEvict(cacheNames = "books", key = "#isbn")
	public void change(String isbn, Book book) {
	}

	public record Book(String isbn, String title) {

	}

}
