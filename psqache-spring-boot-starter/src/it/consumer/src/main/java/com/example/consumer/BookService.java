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
