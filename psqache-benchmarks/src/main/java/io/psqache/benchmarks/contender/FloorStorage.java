package io.psqache.benchmarks.contender;

/**
 * The column that a floor stores its values in.
 */
enum FloorStorage {

	JSONB(1, "value", "jsonb"),

	BINARY(2, "payload", "bytea");

	private final int cacheId;

	private final String column;

	private final String type;

	FloorStorage(int cacheId, String column, String type) {
		this.cacheId = cacheId;
		this.column = column;
		this.type = type;
	}

	String column() {
		return this.column;
	}

	String type() {
		return this.type;
	}

	int cacheId() {
		return this.cacheId;
	}

}
