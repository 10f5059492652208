/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.psqache.Storage;
import io.psqache.StoreException;
import io.psqache.internal.store.StoredValue;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A proof makes an object of the value's class, so these are counted.
 */
class ProofScheduleTests {

	private static final AtomicInteger MADE = new AtomicInteger();

	private final ValueCodec codec = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null).codec("test",
			Storage.BINARY, null);

	@Test
	void firstValuesAndPowersOfTwoAreProven() {
		assertThat(proofs(8)).isEqualTo(8);
		assertThat(proofs(7)).isZero();
		assertThat(proofs(1)).isOne();
		assertThat(proofs(1008)).isEqualTo(6);
	}

	@Test
	void unreadableRowHasTheNextValuesProvenButNotAll() {
		StoredValue stored = this.codec.encode(new Counted(false));
		proofs(99);
		StoredValue broken = StoredValue.payload("{".getBytes(StandardCharsets.UTF_8), stored.type());
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.decode(broken));
		assertThat(proofs(8)).isEqualTo(8);
		assertThat(proofs(1000)).isEqualTo(4);
	}

	@Test
	void afterALossValuesAreProvenUntilAThousandInSuccessionLoseNothing() {
		assertRefused();
		assertThat(proofs(999)).isEqualTo(999);
		assertRefused();
		assertThat(proofs(1000)).isEqualTo(1000);
		assertThat(proofs(1000)).isLessThan(10);
	}

	@Test
	void emptyContainersAreProvenByAScheduleOfTheirOwn() {
		assertThat(made(new Names(), 1024)).isEqualTo(15);
		Names names = new Names();
		names.add("a");
		assertThat(made(names, 8)).isEqualTo(8);
	}

	private int proofs(int values) {
		return made(new Counted(false), values);
	}

	private int made(Object value, int times) {
		MADE.set(0);
		for (int i = 0; i < times; i++) {
			this.codec.encode(value);
		}
		return MADE.get();
	}

	private void assertRefused() {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(new Counted(true)));
	}

	record Counted(boolean losing) {

		Counted {
			MADE.incrementAndGet();
		}

		@JsonCreator
		static Counted of(@JsonProperty("losing") boolean losing) {
			return new Counted(false);
		}

	}

	@SuppressWarnings("serial")
	static final class Names extends ArrayList<String> {

		Names() {
			MADE.incrementAndGet();
		}

	}

}
