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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

import io.psqache.PostgresCache;
import io.psqache.Storage;
import io.psqache.autoconfigure.EntityLab.Address;
import io.psqache.autoconfigure.EntityLab.Author;
import io.psqache.autoconfigure.EntityLab.Book;
import io.psqache.autoconfigure.EntityLab.Club;
import io.psqache.autoconfigure.EntityLab.Crate;
import io.psqache.autoconfigure.EntityLab.Label;
import io.psqache.autoconfigure.EntityLab.Member;
import io.psqache.autoconfigure.EntityLab.Pet;
import io.psqache.autoconfigure.EntityLab.Player;
import io.psqache.autoconfigure.EntityLab.Shelf;
import io.psqache.autoconfigure.EntityLab.ShelfView;
import io.psqache.autoconfigure.EntityLab.Song;
import io.psqache.autoconfigure.EntityLab.Tagged;
import io.psqache.autoconfigure.EntityLab.Team;
import io.psqache.internal.codec.TrustedTypes;
import io.psqache.internal.codec.ValueCodec;
import io.psqache.internal.codec.ValueCodecs;
import io.psqache.test.TestDatabase;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.OptimisticLockException;
import org.hibernate.Hibernate;
import org.hibernate.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.datatype.hibernate7.Hibernate7Module;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Hibernate entities as values: inside a transaction, where lazy parts could be loaded,
 * and outside of one.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class EntityValuesIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	private ConfigurableApplicationContext application;

	@SuppressWarnings("NullAway.Init")
	private EntityManager entities;

	@SuppressWarnings("NullAway.Init")
	private TransactionTemplate transaction;

	private int caches;

	@BeforeAll
	void start() {
		this.application = TestApplication.run(EntityLab.class, TestApplication.properties(this.database));
		this.entities = SharedEntityManagerCreator
			.createSharedEntityManager(this.application.getBean(EntityManagerFactory.class));
		this.transaction = new TransactionTemplate(this.application.getBean(PlatformTransactionManager.class));
		this.transaction.executeWithoutResult((status) -> insert());
	}

	@AfterAll
	void stop() {
		this.application.close();
		this.database.close();
	}

	private void insert() {
		Label label = new Label(1, "red");
		this.entities.persist(label);
		Shelf shelf = new Shelf(1, "low");
		shelf.getTags().addAll(List.of("b", "a"));
		shelf.getSizes().addAll(List.of(1, 2));
		shelf.getCounts().put("one", 1);
		shelf.getSorted().addAll(List.of("y", "x"));
		shelf.getLabels().add(label);
		shelf.getBooks().add(new Book(1, "Emma", shelf));
		this.entities.persist(shelf);
		Author author = new Author();
		author.setId(1L);
		Song song = new Song();
		song.setId(1L);
		song.setAuthor(author);
		author.getSongs().add(song);
		this.entities.persist(author);
		Club club = new Club();
		club.setName("chess");
		for (long id = 1; id <= 5; id++) {
			Member member = new Member();
			member.setId(id);
			member.setClub(club);
			club.getMembers().add(member);
		}
		this.entities.persist(club);
		Team team = new Team();
		team.setIdentifier(1L);
		for (long id = 1; id <= 2; id++) {
			Player player = new Player();
			player.setId(id);
			player.setTeam(team);
			team.getAll().add(player);
		}
		this.entities.persist(team);
		Pet pet = new Pet();
		pet.setId(1L);
		pet.setOwner(label);
		Address address = new Address();
		address.setTown("Rome");
		address.setCountry(label);
		pet.setAddress(address);
		this.entities.persist(pet);
		Tagged tagged = new Tagged();
		tagged.setId(1L);
		this.entities.persist(tagged);
		this.entities.persist(new Crate(1L, List.of()));
		this.entities.persist(new Crate(2L, List.of("fragile")));
		Pet stray = new Pet();
		stray.setId(2L);
		this.entities.persist(stray);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void unloadedCollectionIsNotCachedAndLogged(boolean inTransaction, CapturedOutput output) {
		PostgresCache cache = newCache();
		cached(cache, inTransaction, () -> find(Shelf.class));
		assertThat(cache.get(1)).isNull();
		assertThat(warning(output, cache)).contains("Shelf is not cached: Shelf.tags is not loaded (at $.tags).")
			.contains("join fetch", "@EntityGraph", "record");
	}

	@Test
	void nothingIsLoadedInTransactionOfCaller() {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			Shelf shelf = find(Shelf.class);
			Book book = find(Book.class);
			Pet pet = find(Pet.class);
			long statements = statements();
			cache.put(1, shelf);
			cache.put(2, book);
			cache.put(3, pet);
			cache.put(4, List.of(shelf, book));
			cache.put(5, new ShelfView("low", shelf.getTags()));
			cache.put(6, shelf.getBooks());
			cache.put(7, this.entities.getReference(Author.class, 1L));
			cache.put(8, this.entities.getReference(Label.class, 1L));
			assertThat(statements()).isEqualTo(statements);
			assertThat(Hibernate.isInitialized(shelf.getTags())).isFalse();
			assertThat(Hibernate.isInitialized(shelf.getBooks())).isFalse();
		});
		for (int key = 1; key <= 8; key++) {
			assertThat(cache.get(key)).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void loadedCollectionsAreRestoredAsJdkCollections(boolean inTransaction) {
		PostgresCache cache = newCache();
		cached(cache, inTransaction, () -> loaded(1));
		Shelf hit = hit(cache, 1, Shelf.class);
		assertThat(hit.getTags()).hasSameClassAs(new ArrayList<>()).containsExactlyInAnyOrder("b", "a");
		assertThat(hit.getSizes()).hasSameClassAs(new LinkedHashSet<>()).containsExactlyInAnyOrder(1, 2);
		assertThat(hit.getCounts()).isEqualTo(Map.of("one", 1)).hasSameClassAs(new LinkedHashMap<>());
		assertThat(hit.getSorted()).hasSameClassAs(new TreeSet<>()).containsExactly("x", "y");
		assertThat(hit.getLabels()).extracting(Label::getText).containsExactly("red");
		hit.getTags().add("c");
		hit.getCounts().put("two", 2);
		hit.getSorted().add("z");
		assertThat(hit.getSorted().last()).isEqualTo("z");
	}

	@Test
	void noHibernateClassNameIsStored() {
		PostgresCache cache = newCache();
		cached(cache, true, () -> loaded(1));
		this.transaction.executeWithoutResult((status) -> cache.put(2, loaded(1).getTags()));
		this.transaction.executeWithoutResult((status) -> cache.put(3, List.of(initializedProxy())));
		this.transaction.executeWithoutResult((status) -> cache.put(4, Map.of("any", loaded(1).getTags())));
		assertThat(this.database.query("select count(*) from psqache.entries where cache = '" + cache.getName()
				+ "' and (type || coalesce(value::text, '')) not like '%ibernate%'"))
			.isEqualTo("4");
	}

	@Test
	void managedReferenceIsRestored() {
		PostgresCache cache = newCache();
		cached(cache, true, () -> loaded(1));
		Shelf hit = hit(cache, 1, Shelf.class);
		assertThat(hit.getBooks()).singleElement().satisfies((book) -> {
			assertThat(book.getTitle()).isEqualTo("Emma");
			assertThat(book.getShelf()).isSameAs(hit);
		});
	}

	@Test
	void managedReferenceIsRestoredWithinAList() {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> cache.put(1, List.of(loaded(1))));
		Shelf hit = (Shelf) hit(cache, 1, List.class).get(0);
		assertThat(hit.getBooks()).singleElement().satisfies((book) -> assertThat(book.getShelf()).isSameAs(hit));
	}

	@Test
	void backReferenceOutsideItsObjectIsNotCached(CapturedOutput output) {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> cache.put(1, loaded(1).getBooks().get(0)));
		assertThat(cache.get(1)).isNull();
		assertThat(warning(output, cache)).contains("Book.shelf is not in the JSON of the value")
			.contains("back reference");
	}

	@Test
	void ignoredRelationIsNotCached(CapturedOutput output) {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			Pet pet = find(Pet.class);
			Hibernate.initialize(pet.getOwner());
			cache.put(1, pet);
			cache.put(2, Objects.requireNonNull(this.entities.find(Pet.class, 2L)));
		});
		assertThat(cache.get(1)).isNull();
		assertThat(warning(output, cache)).contains("Pet.owner is not in the JSON of the value");
		assertThat(hit(cache, 2, Pet.class).getOwner()).isNull();
	}

	@Test
	void ignoredCollectionIsCachedOnlyIfEmpty(CapturedOutput output) {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			for (long id = 1; id <= 2; id++) {
				Crate crate = Objects.requireNonNull(this.entities.find(Crate.class, id));
				Hibernate.initialize(crate.getMarks());
				cache.put(id, crate);
			}
		});
		assertThat(hit(cache, 1L, Crate.class).getMarks()).isEmpty();
		assertThat(cache.get(2L)).isNull();
		assertThat(warning(output, cache)).contains("Crate.marks is not in the JSON of the value");
	}

	@Test
	void bidirectionalRelationWithoutAnnotationsIsNotCachedAndLogged(CapturedOutput output) {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			Author author = find(Author.class);
			Hibernate.initialize(author.getSongs());
			cache.put(1, author);
			cache.put(2, Map.of("secret key", author));
		});
		assertThat(cache.get(1)).isNull();
		assertThat(warning(output, cache))
			.contains("Song.author refers back to the object that contains it (at $.songs[].author)")
			.contains("@JsonManagedReference");
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN")))
			.anyMatch((line) -> line.contains("(at ${}.songs[].author)"))
			.noneMatch((line) -> line.contains("secret key"));
	}

	@Test
	void identityInfoRestoresBidirectionalRelation() {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			Team team = find(Team.class);
			Hibernate.initialize(team.getAll());
			cache.put(1, team);
			cache.put(2, team.getAll().get(0));
		});
		Team team = hit(cache, 1, Team.class);
		assertThat(team.getAll()).extracting(Player::getId).containsExactlyInAnyOrder(1L, 2L);
		assertThat(team.getAll()).allSatisfy((player) -> assertThat(player.getTeam()).isSameAs(team));
		Player player = hit(cache, 2, Player.class);
		assertThat(Objects.requireNonNull(player.getTeam()).getAll()).contains(player);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void unloadedProxyIsNotCached(boolean inTransaction, CapturedOutput output) {
		PostgresCache cache = newCache();
		cached(cache, inTransaction, () -> this.entities.getReference(Label.class, 1L));
		assertThat(cache.get(1)).isNull();
		assertThat(warning(output, cache)).contains("EntityLab$Label is not cached").contains("is not loaded (at $)");
	}

	@Test
	void loadedProxyIsRestoredAsItsEntity() {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			cache.put(1, initializedProxy());
			cache.put(2, List.of(initializedProxy(), initializedProxy()));
			cache.put(3, Optional.of(initializedProxy()));
			cache.put(4, Map.of("one", initializedProxy()));
			cache.put(5, new Object[] { initializedProxy() });
		});
		assertThat(hit(cache, 1, Object.class)).isExactlyInstanceOf(Label.class);
		assertThat((List<?>) hit(cache, 2, List.class)).hasSize(2)
			.allSatisfy((label) -> assertThat(label).isExactlyInstanceOf(Label.class));
		assertThat(hit(cache, 4, Map.class).get("one")).isExactlyInstanceOf(Label.class);
		assertThat(hit(cache, 5, Object[].class)).hasExactlyElementsOfTypes(Label.class);
	}

	@Test
	void proxyInsideEmbeddableIsFound(CapturedOutput output) {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			Pet pet = find(Pet.class);
			pet.setOwner(null);
			cache.put(1, pet);
			Hibernate.initialize(Objects.requireNonNull(pet.getAddress()).getCountry());
			cache.put(2, pet);
			status.setRollbackOnly();
		});
		assertThat(cache.get(1)).isNull();
		assertThat(warning(output, cache)).contains("Address.country is not loaded (at $.address.country)");
	}

	@Test
	void collectionInsideRecordIsFoundOrCopied(CapturedOutput output) {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			Shelf shelf = find(Shelf.class);
			cache.put(1, new ShelfView("low", shelf.getTags()));
			cache.put(3, List.of(Map.of("secret key", new ShelfView("low", shelf.getTags()))));
			Hibernate.initialize(shelf.getTags());
			cache.put(2, new ShelfView("low", shelf.getTags()));
		});
		assertThat(cache.get(1)).isNull();
		assertThat(warning(output, cache)).contains("ShelfView.tags is not loaded (at $.tags)");
		assertThat(output.getAll()).contains("ShelfView.tags is not loaded (at $[]{}.tags)");
		assertThat(hit(cache, 2, ShelfView.class)).isEqualTo(new ShelfView("low", List.of("b", "a")));
	}

	/**
	 * The members have no {@code equals}, and the set has no order.
	 */
	@Test
	void setWithBackReferencesIsRestored() {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			Club club = this.entities.find(Club.class, "chess");
			Hibernate.initialize(club.getMembers());
			cache.put(1, club);
		});
		Club hit = hit(cache, 1, Club.class);
		assertThat(hit.getMembers()).hasSize(5).allSatisfy((member) -> assertThat(member.getClub()).isSameAs(hit));
		assertThat(hit.getMembers()).extracting(Member::getId).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
	}

	@Test
	void hibernateCollectionIsCached() {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			cache.put(1, loaded(1).getTags());
			cache.put(2, loaded(1).getLabels());
			cache.put(3, loaded(1).getCounts());
		});
		assertThat(hit(cache, 1, Object.class)).isEqualTo(List.of("b", "a"));
		assertThat((Set<?>) hit(cache, 2, Set.class)).hasOnlyElementsOfType(Label.class);
		assertThat(hit(cache, 3, Object.class)).isEqualTo(Map.of("one", 1));
	}

	@Test
	void mergeOfHitChangesNothing() {
		PostgresCache cache = newCache();
		cached(cache, true, () -> loaded(1));
		String before = state();
		this.transaction.executeWithoutResult((status) -> this.entities.merge(hit(cache, 1, Shelf.class)));
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void mergeOfChangedHitWritesChanges() {
		PostgresCache cache = newCache();
		cached(cache, true, () -> loaded(1));
		Shelf hit = hit(cache, 1, Shelf.class);
		hit.setName("high");
		hit.getTags().add("c");
		this.transaction.executeWithoutResult((status) -> this.entities.merge(hit));
		this.transaction.executeWithoutResult((status) -> {
			Shelf shelf = find(Shelf.class);
			assertThat(shelf.getName()).isEqualTo("high");
			assertThat(shelf.getTags()).containsExactlyInAnyOrder("a", "b", "c");
			assertThat(shelf.getBooks()).hasSize(1);
			shelf.setName("low");
			shelf.getTags().remove("c");
		});
	}

	@Test
	void outOfDateHitCannotOverwriteLaterChange() {
		PostgresCache cache = newCache();
		cached(cache, true, () -> loaded(1));
		this.transaction.executeWithoutResult((status) -> find(Shelf.class).setName("changed"));
		assertThatExceptionOfType(OptimisticLockException.class).isThrownBy(() -> this.transaction
			.executeWithoutResult((status) -> this.entities.merge(hit(cache, 1, Shelf.class))));
		this.transaction.executeWithoutResult((status) -> find(Shelf.class).setName("low"));
	}

	/**
	 * The reason why psqache does not use Hibernate's module for Jackson.
	 */
	@Test
	void mergeWithHibernateModuleWouldDeleteRows() {
		JsonMapper mapper = JsonMapper.builder().addModule(new Hibernate7Module()).build();
		Shelf detached = Objects.requireNonNull(this.transaction.execute((status) -> find(Shelf.class)));
		Shelf hit = mapper.readValue(mapper.writeValueAsString(detached), Shelf.class);
		assertThat(hit.getTags()).isNull();
		assertThat(detached.getTags()).isNotNull();
		this.transaction.executeWithoutResult((status) -> {
			this.entities.merge(hit);
			this.entities.flush();
			assertThat((List<?>) this.entities.createNativeQuery("select tags from shelf_tags").getResultList())
				.isEmpty();
			status.setRollbackOnly();
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void hibernateModuleInMapperHasNoEffect(boolean verified) {
		ValueCodec codec = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null,
				List.of((mapper) -> mapper.addModule(new Hibernate7Module())), List.of(), verified)
			.codec("shelves", Storage.JSONB, null);
		this.transaction.executeWithoutResult((status) -> {
			Shelf shelf = find(Shelf.class);
			assertThatException().isThrownBy(() -> codec.encode(shelf))
				.withMessageContaining("Shelf.tags is not loaded");
			assertThat(codec.decode(codec.encode(loaded(1)))).isInstanceOfSatisfying(Shelf.class,
					(hit) -> assertThat(hit.getBooks().get(0).getShelf()).isSameAs(hit));
			assertThat(codec.decode(codec.encode(initializedProxy()))).isExactlyInstanceOf(Label.class);
			assertThat(codec.decode(codec.encode(List.of(initializedProxy())))).isEqualTo(List.of(new Label(1, "red")));
		});
	}

	@Test
	void failingGetterIsNamedWithItsCause(CapturedOutput output) {
		PostgresCache cache = newCache();
		Shelf detached = Objects.requireNonNull(this.transaction.execute((status) -> find(Shelf.class)));
		cache.put(1, List.of(new TagCount(detached)));
		assertThat(cache.get(1)).isNull();
		assertThat(warning(output, cache))
			.contains("TagCount.count cannot be read: org.hibernate.LazyInitializationException (at $[].count)")
			.contains("@EntityGraph");
	}

	@Test
	void keyLoadsNothing() {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> {
			Tagged tagged = find(Tagged.class);
			long statements = statements();
			assertThatIllegalArgumentException().isThrownBy(() -> cache.get(tagged))
				.withMessageContaining("Tagged.tags is not loaded (at $.tags). Use a record");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> cache.get(List.of(this.entities.getReference(Label.class, 1L))))
				.withMessageContaining("Label is not loaded (at $[])");
			assertThat(statements()).isEqualTo(statements);
			Hibernate.initialize(tagged.getTags());
			cache.put(tagged, "found");
		});
		Tagged detached = new Tagged();
		detached.setId(1L);
		assertThat(cache.get(detached, String.class)).isEqualTo("found");
	}

	@Test
	void loadedProxyIsSameKeyAsItsEntity() {
		PostgresCache cache = newCache();
		this.transaction.executeWithoutResult((status) -> cache.put(initializedProxy(), "found"));
		assertThat(cache.get(new Label(1, "red"), String.class)).isEqualTo("found");
	}

	/**
	 * As docs/entities.md says, the key is the whole JSON.
	 */
	@Test
	void entitiesThatAreEqualOnlyByIdentifierAreDifferentKeys() {
		PostgresCache cache = newCache();
		cache.put(new Label(1, "red"), "value");
		cache.evict(new Label(1, "blue"));
		assertThat(new Label(1, "red")).isEqualTo(new Label(1, "blue"));
		assertThat(cache.get(new Label(1, "red"), String.class)).isEqualTo("value");
	}

	@Test
	void secondCacheWithSameUnsupportedClassIsReported(CapturedOutput output) {
		PostgresCache first = newCache();
		PostgresCache second = newCache();
		for (int i = 0; i < 3; i++) {
			cached(first, false, () -> find(Author.class));
			cached(second, false, () -> find(Author.class));
		}
		warning(output, first);
		warning(output, second);
	}

	/**
	 * A class that is no entity, but reads one in its getter.
	 */
	static final class TagCount {

		private final Shelf shelf;

		TagCount(Shelf shelf) {
			this.shelf = shelf;
		}

		public int getCount() {
			return this.shelf.getTags().size();
		}

	}

	private PostgresCache newCache() {
		return TestApplication.cache(this.application, "entities" + this.caches++);
	}

	/**
	 * Load in a transaction, and put in the transaction or after it.
	 */
	private void cached(PostgresCache cache, boolean inTransaction, Supplier<Object> loader) {
		Object value = this.transaction.execute((status) -> {
			Object loaded = loader.get();
			if (inTransaction) {
				cache.put(1, loaded);
			}
			return loaded;
		});
		if (!inTransaction) {
			cache.put(1, value);
		}
	}

	private <T> T hit(Cache cache, Object key, Class<T> type) {
		Cache.ValueWrapper wrapper = cache.get(key);
		assertThat(wrapper).as("hit of " + key).isNotNull();
		return type.cast(Objects.requireNonNull(Objects.requireNonNull(wrapper).get()));
	}

	private <T> T find(Class<T> type) {
		return Objects.requireNonNull(this.entities.find(type, 1L));
	}

	private Shelf loaded(long id) {
		Shelf shelf = Objects.requireNonNull(this.entities.find(Shelf.class, id));
		List<Function<Shelf, Object>> collections = List.of(Shelf::getTags, Shelf::getSizes, Shelf::getCounts,
				Shelf::getSorted, Shelf::getLabels, Shelf::getBooks);
		collections.forEach((collection) -> Hibernate.initialize(collection.apply(shelf)));
		return shelf;
	}

	private Label initializedProxy() {
		Label label = this.entities.getReference(Label.class, 1L);
		Hibernate.initialize(label);
		return label;
	}

	private String state() {
		return String.valueOf(this.database.query("select (select string_agg(id || name, ';') from shelf) || "
				+ "(select string_agg(t::text, ';' order by t::text) from shelf_tags t) || "
				+ "(select string_agg(b::text, ';') from book b) || (select string_agg(l::text, ';') from shelf_label l)"));
	}

	private long statements() {
		return this.application.getBean(EntityManagerFactory.class)
			.unwrap(SessionFactory.class)
			.getStatistics()
			.getPrepareStatementCount();
	}

	/**
	 * Return the log message about a cache, which must occur once.
	 */
	private static String warning(CapturedOutput output, PostgresCache cache) {
		List<String> lines = output.getAll()
			.lines()
			.filter((line) -> line.contains("WARN") && line.contains("in cache '" + cache.getName() + "'"))
			.toList();
		assertThat(lines).isNotEmpty();
		return lines.get(0);
	}

}
