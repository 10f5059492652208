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

package io.psqache.autoconfigure;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

import io.psqache.CacheOperation;
import io.psqache.CacheValueCodec;
import io.psqache.PostgresCache;
import io.psqache.PsqacheJsonMapperCustomizer;
import io.psqache.RoundTripException;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Beans and properties that change how values are stored.
 */
@ExtendWith(OutputCaptureExtension.class)
class CodecBeansIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(database)
		.withPropertyValues("psqache.trusted-packages=io.psqache.autoconfigure");

	@BeforeEach
	void dropSchema() {
		database.execute("drop schema if exists psqache cascade");
	}

	@AfterAll
	static void dropDatabase() {
		database.close();
	}

	@Test
	void valuesCanBeEncrypted() {
		this.application.withBean(EncryptingCodec.class).withBean(Hospital.class).run((context) -> {
			Hospital hospital = context.getBean(Hospital.class);
			Patient patient = hospital.patient(7);
			assertThat(hospital.patient(7)).isEqualTo(patient);
			assertThat(hospital.calls()).isEqualTo(1);
			assertThat(stored("type")).isEqualTo("codec:" + EncryptingCodec.class.getName());
			assertThat(stored("value")).isNull();
			assertThat(database.query("select position('measles'::bytea in payload) from psqache.cache_entry"))
				.isEqualTo("0");

			TestApplication.cache(context, "wards").put(1, new Patient("Ada", "none"));
			assertThat(database.query("select value ->> 'name' from psqache.cache_entry where key = '1'"))
				.isEqualTo("Ada");
		});
	}

	@Test
	void modifiedEntryIsMiss(CapturedOutput output) {
		this.application.withBean(EncryptingCodec.class).withBean(Hospital.class).run((context) -> {
			Hospital hospital = context.getBean(Hospital.class);
			Patient patient = hospital.patient(7);
			database
				.execute("update psqache.cache_entry set payload = set_byte(payload, 20, get_byte(payload, 20) # 1)");
			assertThat(hospital.patient(7)).isEqualTo(patient);
			assertThat(hospital.calls()).isEqualTo(2);
			PostgresCache cache = TestApplication.cache(context, "patients");
			assertThat(cache.getStatistics().failures(CacheOperation.GET)).isEqualTo(1);
			assertThat(output).contains(EncryptingCodec.class.getName() + " cannot decode it.")
				.doesNotContain("measles");
			hospital.patient(7);
			assertThat(hospital.calls()).isEqualTo(2);
		});
	}

	@Test
	void entriesBeforeAndAfterCodecAreMisses() {
		this.application.withBean(Hospital.class).run((context) -> context.getBean(Hospital.class).patient(7));
		this.application.withBean(EncryptingCodec.class).withBean(Hospital.class).run((context) -> {
			context.getBean(Hospital.class).patient(7);
			assertThat(context.getBean(Hospital.class).calls()).isEqualTo(1);
		});
		this.application.withBean(Hospital.class).run((context) -> {
			context.getBean(Hospital.class).patient(7);
			assertThat(context.getBean(Hospital.class).calls()).isEqualTo(1);
		});
	}

	@Test
	void cachedNullNeedsNoCodec() {
		this.application.withBean(EncryptingCodec.class).run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "patients");
			cache.put(1, null);
			assertThat(stored("type")).isEqualTo("null");
			assertThat(cache.get(1)).isNotNull().extracting(Cache.ValueWrapper::get).isNull();
		});
	}

	@Test
	void twoCodecsOfOneCacheAreRefusedByName() {
		this.application.withBean(EncryptingCodec.class)
			.withBean(AnotherCodec.class)
			.run((context) -> assertThatIllegalStateException()
				.isThrownBy(() -> TestApplication.cache(context, "patients").put(1, "text"))
				.withMessageContaining(EncryptingCodec.class.getName())
				.withMessageContaining(AnotherCodec.class.getName())
				.withMessageContaining("'patients'"));
	}

	@Test
	void customizersChangeTheMapper() {
		this.application
			.withBean(PsqacheJsonMapperCustomizer.class,
					() -> (builder) -> builder.propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE))
			.run((context) -> {
				PostgresCache cache = TestApplication.cache(context, "wards");
				cache.put(1, new Ward("north", 20));
				assertThat(stored("value ->> 'number-of-beds'")).isEqualTo("20");
				assertThat(cache.get(1, Ward.class)).isEqualTo(new Ward("north", 20));
			});
	}

	@Test
	void changedValueIsStoredUnlessVerified() {
		this.application.run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "wards");
			cache.put(1, new Growing(1));
			assertThat(cache.get(1, Growing.class)).isNotEqualTo(new Growing(1));
		});
	}

	@Test
	void changedValueFailsEveryPut() {
		this.application.withPropertyValues("psqache.verify-round-trip=true").withBean(Garden.class).run((context) -> {
			PostgresCache cache = TestApplication.cache(context, "wards");
			assertFails(() -> cache.put(1, new Growing(1)));
			assertFails(() -> cache.putIfAbsent(1, new Growing(1)));
			assertThatExceptionOfType(Cache.ValueRetrievalException.class)
				.isThrownBy(() -> cache.get(1, () -> new Growing(1)))
				.withCauseInstanceOf(RoundTripException.class);
			assertThatExceptionOfType(CompletionException.class)
				.isThrownBy(() -> cache.retrieve(1, () -> CompletableFuture.completedFuture(new Growing(1))).join())
				.withCauseInstanceOf(RoundTripException.class);
			Garden garden = context.getBean(Garden.class);
			assertFails(garden::plain);
			assertFails(garden::loaded);
			assertFails(garden::put);
			assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> garden.async().join())
				.withCauseInstanceOf(RoundTripException.class);
			assertThat(database.query("select count(*) from psqache.cache_entry")).isEqualTo("0");
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
		});
	}

	private static void assertFails(Runnable call) {
		assertThatExceptionOfType(RoundTripException.class).isThrownBy(call::run)
			.withMessageContaining("$.height: 2 -> 3");
	}

	private static @Nullable Object stored(String expression) {
		return database.query("select " + expression + " from psqache.cache_entry");
	}

	record Patient(String name, String diagnosis) {

	}

	record Ward(String name, int numberOfBeds) {

	}

	record Growing(int height) {

		Growing {
			height++;
		}

	}

	static class Garden {

		@Cacheable("plain")
		public Growing plain() {
			return new Growing(1);
		}

		@Cacheable(cacheNames = "loaded", sync = true)
		public Growing loaded() {
			return new Growing(1);
		}

		@CachePut("put")
		public Growing put() {
			return new Growing(1);
		}

		@Cacheable("async")
		public CompletableFuture<Growing> async() {
			return CompletableFuture.completedFuture(new Growing(1));
		}

	}

	static class Hospital {

		private final AtomicInteger calls = new AtomicInteger();

		@Cacheable("patients")
		public Patient patient(int id) {
			this.calls.incrementAndGet();
			return new Patient("Ada", "measles");
		}

		public int calls() {
			return this.calls.get();
		}

	}

	/**
	 * Encrypts with AES-GCM, so that values in the table can neither be read nor changed
	 * unnoticed.
	 */
	static final class EncryptingCodec implements CacheValueCodec {

		private static final SecretKey key = newKey();

		private static final int NONCE = 12;

		private final SecureRandom random = new SecureRandom();

		private final JsonMapper json = new JsonMapper();

		@Override
		public boolean supports(String cacheName) {
			return cacheName.equals("patients");
		}

		@Override
		public byte[] encode(Object value) {
			byte[] nonce = new byte[NONCE];
			this.random.nextBytes(nonce);
			byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, this.json.writeValueAsBytes(value));
			return ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
		}

		@Override
		public Object decode(byte[] stored) {
			byte[] nonce = Arrays.copyOf(stored, NONCE);
			byte[] sealed = Arrays.copyOfRange(stored, NONCE, stored.length);
			return this.json.readValue(cipher(Cipher.DECRYPT_MODE, nonce, sealed), Patient.class);
		}

		private byte[] cipher(int mode, byte[] nonce, byte[] input) {
			try {
				Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
				cipher.init(mode, key, new GCMParameterSpec(128, nonce));
				return cipher.doFinal(input);
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static SecretKey newKey() {
			try {
				return KeyGenerator.getInstance("AES").generateKey();
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	static final class AnotherCodec implements CacheValueCodec {

		@Override
		public boolean supports(String cacheName) {
			return true;
		}

		@Override
		public byte[] encode(Object value) {
			return new byte[0];
		}

		@Override
		public Object decode(byte[] stored) {
			return "";
		}

	}

}
