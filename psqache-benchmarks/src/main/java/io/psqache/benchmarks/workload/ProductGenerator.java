package io.psqache.benchmarks.workload;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import tools.jackson.databind.json.JsonMapper;

/**
 * Makes products whose JSON has an exact size. Their words are drawn from a vocabulary of
 * made-up ones, so that PostgreSQL's compression of large values finds about what it
 * finds in prose: repeating one word would flatter it, random letters would starve it.
 */
final class ProductGenerator {

	private static final int VOCABULARY = 4000;

	private final JsonMapper mapper = JsonMapper.shared();

	private final Random random;

	private final List<String> words;

	ProductGenerator(long seed) {
		this.random = new Random(seed);
		this.words = IntStream.range(0, VOCABULARY).mapToObj((index) -> word(3 + this.random.nextInt(8))).toList();
	}

	/**
	 * Make a product.
	 * @param id its id
	 * @param bytes size of its JSON in UTF-8
	 */
	Product product(int id, int bytes) {
		int tags = (bytes < 500) ? 1 : Math.min(40, bytes / 100);
		Product empty = new Product(id, word(4), 1000 + this.random.nextInt(99_000), this.random.nextInt(50) / 10.0,
				IntStream.range(0, tags).mapToObj((index) -> anyWord()).toList(), "");
		String text = text(bytes - this.mapper.writeValueAsString(empty).getBytes(StandardCharsets.UTF_8).length);
		return new Product(id, empty.name(), empty.price(), empty.rating(), empty.tags(), text);
	}

	private String text(int length) {
		StringBuilder text = new StringBuilder(length + 16);
		while (text.length() < length) {
			text.append(anyWord()).append(' ');
		}
		return text.substring(0, Math.max(0, length));
	}

	/**
	 * A few words are common and most are rare, as in any language.
	 */
	private String anyWord() {
		double skewed = this.random.nextDouble() * this.random.nextDouble();
		return this.words.get((int) (skewed * VOCABULARY));
	}

	private String word(int length) {
		StringBuilder word = new StringBuilder(length);
		for (int index = 0; index < length; index++) {
			word.append((char) ('a' + this.random.nextInt(26)));
		}
		return word.toString();
	}

}
