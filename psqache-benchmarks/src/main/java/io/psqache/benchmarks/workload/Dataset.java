package io.psqache.benchmarks.workload;

import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * The keys and values of a part of a run, made beforehand and the same for all
 * contenders.
 * <p>
 * Each key may only hold one of {@value #VARIANTS} values, which share their id modulo
 * {@value #FAMILIES} with the key. So every answer can be checked for the price of a
 * comparison, whatever other callers have put meanwhile.
 */
public final class Dataset {

	private static final int FAMILIES = 512;

	/**
	 * How many values there are for a key.
	 */
	public static final int VARIANTS = 2;

	private final ValueSize size;

	private final List<String> keys;

	private final List<String> absentKeys;

	private final List<Product> products;

	/**
	 * Make a data set.
	 * @param size size of the values
	 * @param entries number of keys
	 * @param seed what all random choices follow from
	 */
	public Dataset(ValueSize size, int entries, long seed) {
		this.size = size;
		ProductGenerator generator = new ProductGenerator(seed);
		this.products = IntStream.range(0, FAMILIES * VARIANTS)
			.mapToObj((id) -> generator.product(id, size.bytes()))
			.toList();
		this.keys = IntStream.range(0, entries).mapToObj((key) -> "product:" + key).toList();
		this.absentKeys = IntStream.range(0, entries).mapToObj((key) -> "absent:" + key).toList();
	}

	public ValueSize size() {
		return this.size;
	}

	/**
	 * How many keys there are.
	 * @return their number; keys are numbered from zero
	 */
	public int entries() {
		return this.keys.size();
	}

	public String key(int key) {
		return this.keys.get(key);
	}

	/**
	 * A key that nothing is ever put under.
	 * @param key its number
	 * @return the key
	 */
	public String absentKey(int key) {
		return this.absentKeys.get(key);
	}

	/**
	 * A value that a key may hold.
	 * @param key number of the key
	 * @param variant any number; even and odd ones lead to different values
	 * @return the value
	 */
	public Product value(int key, int variant) {
		return this.products.get((key % FAMILIES) + FAMILIES * (variant & 1));
	}

	/**
	 * How many different values there are.
	 * @return their number; a value has the id that it is counted by
	 */
	public int products() {
		return this.products.size();
	}

	public Product product(int id) {
		return this.products.get(id);
	}

	/**
	 * Whether this can be an answer for a key; costs no more than a comparison.
	 * @param key number of the key
	 * @param product what was answered
	 * @return whether it is one of the values of the key, judged by its id
	 */
	public boolean mayHold(int key, @Nullable Product product) {
		return product != null && product.id() % FAMILIES == key % FAMILIES;
	}

	/**
	 * As {@link #mayHold}, but looks at all of it.
	 * @param key number of the key
	 * @param product what was answered
	 * @return whether it equals one of the values of the key
	 */
	public boolean holds(int key, @Nullable Product product) {
		return value(key, 0).equals(product) || value(key, 1).equals(product);
	}

}
