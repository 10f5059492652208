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

package io.psqache.docs;

import java.security.NoSuchAlgorithmException;

import javax.crypto.KeyGenerator;

import io.psqache.test.TestDatabase;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * The classes of the documentation as one application.
 */
final class DocumentedApplication {

	private DocumentedApplication() {
	}

	static ApplicationContextRunner on(TestDatabase database) {
		database.execute("create table if not exists price (region text, isbn text, amount numeric,"
				+ " primary key (region, isbn))");
		database.execute("create table if not exists book (isbn text primary key, title text)");
		return new ApplicationContextRunner().withUserConfiguration(ShopApplication.class)
			.withBean(EncryptingCodec.class, () -> new EncryptingCodec(key()))
			.withPropertyValues("spring.application.name=shop", "spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(), "spring.flyway.enabled=false",
					"psqache.timeout=10s");
	}

	private static javax.crypto.SecretKey key() {
		try {
			return KeyGenerator.getInstance("AES").generateKey();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
