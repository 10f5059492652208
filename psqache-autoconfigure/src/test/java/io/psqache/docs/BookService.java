package io.psqache.docs;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

@Service
public class BookService {

	private final BookRepository repository;

	public BookService(BookRepository repository) {
		this.repository = repository;
	}

	@Cacheable("books")
	public Book find(String isbn) {
		return this.repository.load(isbn);
	}

	@CacheEvict(cacheNames = "books", key = "#book.isbn")
	public void change(Book book) {
		this.repository.save(book);
	}

}
