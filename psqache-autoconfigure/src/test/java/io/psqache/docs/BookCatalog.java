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
		return this.books.get(isbn, this.repository::load); // one load for all callers that miss together
	}

	public Map<String, Book> findAll(Collection<String> isbns) {
		return this.books.getAll(isbns); // one statement for up to 1,000 keys
	}

}
