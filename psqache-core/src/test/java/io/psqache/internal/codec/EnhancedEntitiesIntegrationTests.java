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

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import io.psqache.Storage;
import io.psqache.test.TestDatabase;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.boot.registry.BootstrapServiceRegistryBuilder;
import org.hibernate.bytecode.enhance.spi.DefaultEnhancementContext;
import org.hibernate.bytecode.enhance.spi.Enhancer;
import org.hibernate.bytecode.internal.bytebuddy.BytecodeProviderImpl;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Entities that Hibernate's build plugin has enhanced. They load an attribute when its
 * getter is called, without a proxy or a Hibernate collection.
 */
@TestInstance(Lifecycle.PER_CLASS)
class EnhancedEntitiesIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final EnhancingClassLoader classLoader = new EnhancingClassLoader();

	private final ValueCodec codec = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), this.classLoader)
		.codec("notes", Storage.JSONB, null);

	@SuppressWarnings("NullAway.Init")
	private SessionFactory sessions;

	@SuppressWarnings("NullAway.Init")
	private Class<?> note;

	@BeforeAll
	void start() throws Exception {
		this.note = this.classLoader.loadClass(EnhancedNote.class.getName());
		this.sessions = new Configuration(
				new BootstrapServiceRegistryBuilder().applyClassLoader(this.classLoader).build())
			.addAnnotatedClass(this.note)
			.setProperty("hibernate.connection.url", this.database.url())
			.setProperty("hibernate.connection.username", this.database.username())
			.setProperty("hibernate.connection.password", this.database.password())
			.setProperty("hibernate.hbm2ddl.auto", "create")
			.setProperty("hibernate.generate_statistics", "true")
			.buildSessionFactory();
		this.database.execute("insert into note (id, text) values (1, 'parent')");
		this.database.execute("insert into note (id, text, parent_id) values (2, 'child', 1)");
	}

	@AfterAll
	void stop() {
		this.sessions.close();
		this.database.close();
	}

	@Test
	void lazyAttributeIsNotLoaded() {
		refuses((session) -> find(session, 1), "EnhancedNote.text is not loaded (at $.text)");
	}

	@Test
	void lazyReferenceIsNotLoaded() {
		refuses((session) -> {
			Object note = find(session, 2);
			Hibernate.initializeProperty(note, "text");
			return List.of(note);
		}, "EnhancedNote.parent is not loaded (at $[].parent)");
	}

	@Test
	void referenceIsNotLoaded() {
		refuses((session) -> session.getReference(this.note, 1L), "EnhancedNote is not loaded (at $)");
	}

	@Test
	void loadedEntityIsRestored() {
		this.sessions.inSession((session) -> {
			Object child = find(session, 2);
			Hibernate.initializeProperty(child, "text");
			Object parent = find(session, 1);
			Hibernate.initializeProperty(parent, "text");
			assertThat(this.codec.encode(child).json()).contains("child").contains("parent").doesNotContain("ibernate");
			assertThat(this.codec.decode(this.codec.encode(child))).isExactlyInstanceOf(this.note);
		});
	}

	private void refuses(Function<Session, Object> value, String message) {
		this.sessions.inSession((session) -> {
			Object loaded = value.apply(session);
			long statements = this.sessions.getStatistics().getPrepareStatementCount();
			assertThatException().isThrownBy(() -> this.codec.encode(loaded)).withMessageContaining(message);
			assertThat(this.sessions.getStatistics().getPrepareStatementCount()).isEqualTo(statements);
		});
	}

	private Object find(Session session, long id) {
		return Objects.requireNonNull(session.find(this.note, id));
	}

	/**
	 * Enhances classes as the build plugin does.
	 */
	private static final class EnhancingClassLoader extends ClassLoader {

		private final Enhancer enhancer = new BytecodeProviderImpl().getEnhancer(new DefaultEnhancementContext() {

			@Override
			public ClassLoader getLoadingClassLoader() {
				return EnhancedEntitiesIntegrationTests.class.getClassLoader();
			}

		});

		EnhancingClassLoader() {
			super(EnhancedEntitiesIntegrationTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.equals(EnhancedNote.class.getName())) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : enhanced(name);
			}
		}

		private Class<?> enhanced(String name) throws ClassNotFoundException {
			try (var original = Objects
				.requireNonNull(getParent().getResourceAsStream(name.replace('.', '/') + ".class"))) {
				byte[] enhanced = Objects.requireNonNull(this.enhancer.enhance(name, original.readAllBytes()));
				return defineClass(name, enhanced, 0, enhanced.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
