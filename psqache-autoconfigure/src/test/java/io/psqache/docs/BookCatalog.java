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
