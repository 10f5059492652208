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
 * A verification instantiates the class of the value, so the tests count instances.
 */
class ProofScheduleTests {

	private static final AtomicInteger INSTANCES = new AtomicInteger();

	private final ValueCodec codec = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null).codec("test",
			Storage.BINARY, null);

	@Test
	void firstValuesAndPowersOfTwoAreVerified() {
		assertThat(verifications(8)).isEqualTo(8);
		assertThat(verifications(7)).isZero();
		assertThat(verifications(1)).isOne();
		assertThat(verifications(1008)).isEqualTo(6);
	}

	@Test
	void unreadableRowCausesVerificationOfNextValues() {
		StoredValue stored = this.codec.encode(new Counted(false));
		verifications(99);
		StoredValue broken = StoredValue.payload("{".getBytes(StandardCharsets.UTF_8), stored.type());
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.decode(broken));
		assertThat(verifications(8)).isEqualTo(8);
		assertThat(verifications(1000)).isEqualTo(4);
	}

	@Test
	void afterLossValuesAreVerifiedUntilThousandPass() {
		assertRefused();
		assertThat(verifications(999)).isEqualTo(999);
		assertRefused();
		assertThat(verifications(1000)).isEqualTo(1000);
		assertThat(verifications(1000)).isLessThan(10);
	}

	@Test
	void emptyContainersHaveSeparateSchedule() {
		assertThat(instances(new Names(), 1024)).isEqualTo(15);
		Names names = new Names();
		names.add("a");
		assertThat(instances(names, 8)).isEqualTo(8);
	}

	private int verifications(int values) {
		return instances(new Counted(false), values);
	}

	private int instances(Object value, int times) {
		INSTANCES.set(0);
		for (int i = 0; i < times; i++) {
			this.codec.encode(value);
		}
		return INSTANCES.get();
	}

	private void assertRefused() {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(new Counted(true)));
	}

	record Counted(boolean losing) {

		Counted {
			INSTANCES.incrementAndGet();
		}

		@JsonCreator
		static Counted of(@JsonProperty("losing") boolean losing) {
			return new Counted(false);
		}

	}

	@SuppressWarnings("serial")
	static final class Names extends ArrayList<String> {

		Names() {
			INSTANCES.incrementAndGet();
		}

	}

}
