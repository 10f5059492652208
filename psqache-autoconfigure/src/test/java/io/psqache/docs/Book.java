package io.psqache.docs;

public record Book(String isbn, String title) {

}
