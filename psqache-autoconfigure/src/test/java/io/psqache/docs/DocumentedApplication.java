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
