package io.psqache.docs;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A class that Jackson cannot store by itself.
 */
final class Temperature {

	private final double kelvin;

	private Temperature(double kelvin) {
		this.kelvin = kelvin;
	}

	static Temperature ofKelvin(double kelvin) {
		return new Temperature(kelvin);
	}

	double toKelvin() {
		return this.kelvin;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Temperature temperature && this.kelvin == temperature.kelvin;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.kelvin);
	}

}
