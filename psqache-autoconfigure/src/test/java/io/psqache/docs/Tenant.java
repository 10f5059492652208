package io.psqache.docs;

/**
 * A key without a stable JSON: its {@code equals} is that of {@link Object}.
 */
final class Tenant {

	private final String id;

	Tenant(String id) {
		this.id = id;
	}

	String id() {
		return this.id;
	}

}
