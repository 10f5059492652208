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
