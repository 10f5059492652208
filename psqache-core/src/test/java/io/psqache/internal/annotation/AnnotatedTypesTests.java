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

package io.psqache.internal.annotation;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.psqache.PostgresCacheManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.OverridingClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the value types inferred from methods of beans. No bean here can be instantiated,
 * because the inspection must not instantiate beans.
 */
@ExtendWith(OutputCaptureExtension.class)
class AnnotatedTypesTests {

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	@Test
	void typeIsTheReturnTypeOfTheMethod() {
		define(Library.class);
		assertThat(typeOf("books")).isEqualTo(Book.class);
		assertThat(typeOf("shelves")).extracting(Type::getTypeName)
			.isEqualTo("java.util.List<" + Book.class.getName() + ">");
	}

	@Test
	void methodsWithDifferentWrappersAgree() {
		define(Library.class);
		define(AsyncLibrary.class);
		assertThat(typeOf("books")).isEqualTo(Book.class);
	}

	@Test
	void cacheWithoutMethodsHasNoType() {
		define(Library.class);
		assertThat(typeOf("others")).isNull();
		assertThat(typeOf("evicted")).isNull();
	}

	@Test
	void methodsThatDisagreeYieldNoTypeAndAreLogged(CapturedOutput output) {
		define(Library.class);
		define(Antiquary.class);
		assertThat(typeOf("books")).isNull();
		assertThat(output).contains("Cache 'books' has no common value type")
			.contains(Book.class.getName() + ": " + Library.class.getName() + ".change, " + Library.class.getName()
					+ ".find; java.lang.Integer: " + Antiquary.class.getName() + ".appraise)")
			.contains("psqache.caches[books].type");
	}

	@Test
	void overloadsCanDisagree() {
		define(Overloaded.class);
		assertThat(typeOf("overloaded")).isNull();
	}

	@Test
	void methodThatReturnsObjectAgreesWithNone() {
		define(Library.class);
		define(Anything.class);
		assertThat(typeOf("books")).isNull();
		assertThat(typeOf("anything")).isNull();
	}

	@Test
	void operationOfAnotherManagerOrResolverDoesNotCount() {
		this.beans.registerBeanDefinition("psqache", new RootBeanDefinition(PostgresCacheManager.class));
		this.beans.registerBeanDefinition("another", new RootBeanDefinition(ConcurrentMapCacheManager.class));
		define(Managed.class);
		assertThat(typeOf("ours")).isEqualTo(Book.class);
		assertThat(typeOf("others")).isNull();
		assertThat(typeOf("missing")).isNull();
		assertThat(typeOf("resolved")).isNull();
	}

	@Test
	void annotationsOfClassesAndInterfacesCount() {
		define(Configured.class);
		assertThat(typeOf("configured")).isEqualTo(Book.class);
		assertThat(typeOf("inherited")).isEqualTo(Book.class);
	}

	@Test
	void variablesOfBaseClassAreResolvedForEachBean() {
		define(Books.class);
		assertThat(typeOf("stored")).isEqualTo(Book.class);
		define(Numbers.class);
		assertThat(typeOf("stored")).isNull();
	}

	@Test
	void beansOfEveryKindAreInspectedAndNoneIsInstantiated() {
		RootBeanDefinition lazy = new RootBeanDefinition(Library.class);
		lazy.setLazyInit(true);
		this.beans.registerBeanDefinition("lazy", lazy);
		RootBeanDefinition scoped = new RootBeanDefinition(Books.class);
		scoped.setScope("request");
		BeanDefinitionHolder proxy = ScopedProxyUtils.createScopedProxy(new BeanDefinitionHolder(scoped, "scoped"),
				this.beans, true);
		this.beans.registerBeanDefinition("scoped", proxy.getBeanDefinition());
		this.beans.registerBeanDefinition("factory", new RootBeanDefinition(ConfiguredFactory.class));
		RootBeanDefinition prototype = new RootBeanDefinition(Overloaded.class);
		prototype.setScope("prototype");
		this.beans.registerBeanDefinition("prototype", prototype);
		assertThat(typeOf("books")).isEqualTo(Book.class);
		assertThat(typeOf("stored")).isEqualTo(Book.class);
		assertThat(typeOf("inherited")).isEqualTo(Book.class);
		assertThat(typeOf("single")).isEqualTo(Book.class);
		assertThat(this.beans.getSingletonNames()).isEmpty();
	}

	@Test
	void beanWhoseClassesAreMissingIsSkipped() throws Exception {
		ClassLoader without = new OverridingClassLoader(getClass().getClassLoader()) {

			@Override
			protected boolean isEligibleForOverriding(String className) {
				return className.equals(Broken.class.getName());
			}

			@Override
			protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
				if (name.equals(Missing.class.getName())) {
					throw new ClassNotFoundException(name);
				}
				return super.loadClass(name, resolve);
			}

		};
		this.beans.registerBeanDefinition("broken", new RootBeanDefinition(without.loadClass(Broken.class.getName())));
		define(Library.class);
		assertThat(typeOf("books")).isEqualTo(Book.class);
	}

	@Test
	void failedInspectionIsNoError(CapturedOutput output) {
		RootBeanDefinition absent = new RootBeanDefinition();
		absent.setBeanClassName("com.acme.Absent");
		this.beans.registerBeanDefinition("absent", absent);
		define(Library.class);
		assertThat(typeOf("books")).isNull();
		assertThat(output).contains("psqache cannot infer the types of cached values").contains("com.acme.Absent");
	}

	/**
	 * After the creation of such a bean, the bean factory knows only a JDK proxy.
	 */
	@Test
	void classBehindProxyIsInspected() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Proxied.class)) {
			assertThat(context.getBean(Finder.class)).isNotInstanceOf(ProxiedFinder.class);
			assertThat(new AnnotatedTypes(context.getBeanFactory(), PostgresCacheManager.class).of("proxied"))
				.isEqualTo(Book.class);
		}
	}

	@Test
	void beansAreInspectedOnce() {
		AnnotatedTypes types = new AnnotatedTypes(this.beans, PostgresCacheManager.class);
		define(Library.class);
		assertThat(types.of("books")).isEqualTo(Book.class);
		define(Antiquary.class);
		assertThat(types.of("books")).isEqualTo(Book.class);
	}

	private void define(Class<?> type) {
		this.beans.registerBeanDefinition(type.getName(), new RootBeanDefinition(type));
	}

	/**
	 * Infer the type as in an application that has just started.
	 */
	private @Nullable Type typeOf(String cacheName) {
		return new AnnotatedTypes(this.beans, PostgresCacheManager.class).of(cacheName);
	}

	record Book(String title) {

	}

	static class Unmade {

		Unmade() {
			throw new AssertionError("A bean was made");
		}

	}

	static class Library extends Unmade {

		@Cacheable("books")
		public Book find(String isbn) {
			return new Book(isbn);
		}

		@CachePut("books")
		public Book change(Book book) {
			return book;
		}

		@Cacheable({ "shelves", "rooms" })
		public List<Book> shelf(int number) {
			return List.of();
		}

		@CacheEvict({ "books", "evicted" })
		public int evict(String isbn) {
			return 0;
		}

		@CachePut("books")
		public void forget(String isbn) {
		}

	}

	static class AsyncLibrary extends Unmade {

		@Cacheable("books")
		public CompletableFuture<Book> findAsync(String isbn) {
			return CompletableFuture.completedFuture(new Book(isbn));
		}

		@Caching(put = @CachePut("books"))
		public Optional<Book> search(String isbn) {
			return Optional.empty();
		}

	}

	static class Antiquary extends Unmade {

		@Cacheable("books")
		public int appraise(String isbn) {
			return 0;
		}

	}

	static class Overloaded extends Unmade {

		@Cacheable("overloaded")
		public Book find(String isbn) {
			return new Book(isbn);
		}

		@Cacheable({ "overloaded" })
		public String find(int number) {
			return "";
		}

		@Cacheable("single")
		public Book single() {
			return new Book("");
		}

	}

	static class Anything extends Unmade {

		@Cacheable({ "books", "anything" })
		public Object find(String isbn) {
			return isbn;
		}

	}

	static class Managed extends Unmade {

		@Cacheable(cacheNames = "ours", cacheManager = "psqache")
		public Book ours() {
			return new Book("");
		}

		@Cacheable(cacheNames = { "others", "ours" }, cacheManager = "another")
		public String others() {
			return "";
		}

		@Cacheable(cacheNames = { "missing", "ours" }, cacheManager = "missing")
		public String missing() {
			return "";
		}

		@Cacheable(cacheNames = { "resolved", "ours" }, cacheResolver = "resolver")
		public String resolved() {
			return "";
		}

	}

	interface Inherited {

		@Cacheable("inherited")
		Book inherited();

	}

	@CacheConfig(cacheNames = "configured")
	static class Configured extends Unmade implements Inherited {

		@Cacheable
		public Book configured() {
			return new Book("");
		}

		@Override
		public Book inherited() {
			return new Book("");
		}

	}

	static final class ConfiguredFactory extends Unmade implements FactoryBean<Inherited> {

		@Override
		public Inherited getObject() {
			return new Configured();
		}

		@Override
		public Class<?> getObjectType() {
			return Inherited.class;
		}

	}

	abstract static class Repository<T> extends Unmade {

		@Cacheable("stored")
		public Optional<T> find(String key) {
			return Optional.empty();
		}

	}

	static class Books extends Repository<Book> {

	}

	static class Numbers extends Repository<Integer> {

	}

	static final class Missing {

	}

	static class Broken {

		@Cacheable("books")
		public Missing find(Missing missing) {
			return missing;
		}

	}

	interface Finder {

		Book find(String isbn);

	}

	static final class ProxiedFinder implements Finder {

		@Override
		@Cacheable("proxied")
		public Book find(String isbn) {
			return new Book(isbn);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Proxied {

		@Bean
		CacheManager cacheManager() {
			return new ConcurrentMapCacheManager();
		}

		@Bean
		Finder finder() {
			return new ProxiedFinder();
		}

	}

}
