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

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Slice;
import org.springframework.data.domain.SliceImpl;
import org.springframework.data.domain.Sort;
import org.springframework.data.web.config.SpringDataJackson3Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application like Spring PetClinic: class hierarchies with setters, collections in
 * final fields, and repositories that return pages. The JSON of its pages is identical
 * for a miss and a hit, without a converter or a setting.
 */
class ClinicIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	private static final Sort BY_NAME = Sort.by(Sort.Order.asc("lastName").ignoreCase(), Sort.Order.desc("id"));

	private final ApplicationContextRunner application = TestApplication.on(database)
		.withBean(Vets.class)
		.withBean(Owners.class);

	/**
	 * The mapper that Spring Data configures in a web application.
	 */
	private final JsonMapper web = JsonMapper.builder()
		.addModule(new SpringDataJackson3Configuration.PageModule(null))
		.build();

	@AfterAll
	static void dropDatabase() {
		database.close();
	}

	@Test
	void pagesOfVetsAreEqualOnMissAndHit() {
		this.application.run((context) -> {
			sameOnHit(context, Vets.class, Vets::findAll);
			for (Pageable pageable : List.of(PageRequest.of(0, 2), PageRequest.of(1, 2), PageRequest.of(0, 2, BY_NAME),
					Pageable.unpaged(), Pageable.unpaged(BY_NAME), PageRequest.of(9, 5))) {
				sameOnHit(context, Vets.class, (vets) -> vets.findAll(pageable));
				sameOnHit(context, Vets.class, (vets) -> vets.slice(pageable));
			}
			sameOnHit(context, Vets.class, (vets) -> vets.findAll(BY_NAME));
			sameOnHit(context, Vets.class, (vets) -> vets.findAll(Sort.unsorted()));
		});
	}

	@Test
	void ownersWithFinalCollectionsAreEqualOnMissAndHit() {
		this.application.run((context) -> {
			sameOnHit(context, Owners.class, (owners) -> owners.findById(1));
			sameOnHit(context, Owners.class, (owners) -> owners.findById(9));
			sameOnHit(context, Owners.class,
					(owners) -> owners.findByLastNameStartingWith("Da", PageRequest.of(0, 5, BY_NAME)));
			sameOnHit(context, Owners.class, (owners) -> owners.findByLastNameStartingWith("", PageRequest.of(0, 1)));
			sameOnHit(context, Owners.class, Owners::findPetTypes);
			Owner owner = context.getBean(Owners.class).findById(1).orElseThrow();
			assertThat(owner.getPets()).extracting(Pet::getName).containsExactly("Leo", "Basil");
			assertThat(owner.getPets().get(0).getVisits()).hasSize(2);
			owner.addPet(new Pet());
			assertThat(owner.getPets()).hasSize(3);
		});
	}

	@Test
	void evictionByPageableRemovesItsPage() {
		this.application.run((context) -> {
			Vets vets = context.getBean(Vets.class);
			vets.findAll(PageRequest.of(0, 1, BY_NAME));
			int calls = vets.calls();
			vets.evict(PageRequest.of(0, 1, Sort.by(Sort.Order.asc("lastName").ignoreCase(), Sort.Order.desc("id"))));
			vets.findAll(PageRequest.of(0, 1, BY_NAME));
			assertThat(vets.calls()).isEqualTo(calls + 1);
		});
	}

	private <T extends Counting> void sameOnHit(AssertableApplicationContext context, Class<T> type,
			Function<T, @Nullable Object> call) {
		T repository = context.getBean(type);
		int calls = repository.calls();
		Object miss = call.apply(repository);
		assertThat(repository.calls()).isEqualTo(calls + 1);
		Object hit = call.apply(repository);
		assertThat(repository.calls()).isEqualTo(calls + 1);
		assertThat(this.web.writeValueAsBytes(hit)).asString().isEqualTo(this.web.writeValueAsString(miss));
		if (miss != null) {
			assertThat(hit).hasSameClassAs(miss);
		}
	}

	interface Counting {

		int calls();

	}

	static class Vets implements Counting {

		private final List<Vet> all = List.of(vet(1, "Carter"), vet(2, "Leary", "radiology"),
				vet(3, "Douglas", "surgery", "dentistry"));

		private int calls;

		@Override
		public int calls() {
			return this.calls;
		}

		@Cacheable("vets")
		public Collection<Vet> findAll() {
			this.calls++;
			return new ArrayList<>(this.all);
		}

		@Cacheable("vets")
		public Page<Vet> findAll(Pageable pageable) {
			this.calls++;
			return new PageImpl<>(part(this.all, pageable), pageable, this.all.size());
		}

		@Cacheable("sortedVets")
		public List<Vet> findAll(Sort sort) {
			this.calls++;
			return List.copyOf(this.all);
		}

		@Cacheable("vetSlices")
		public Slice<Vet> slice(Pageable pageable) {
			this.calls++;
			return new SliceImpl<>(part(this.all, pageable), pageable, pageable.isPaged());
		}

		@CacheEvict("vets")
		public void evict(Pageable pageable) {
		}

		private static Vet vet(int id, String lastName, String... specialties) {
			Vet vet = new Vet();
			vet.setId(id);
			vet.setLastName(lastName);
			for (String specialty : specialties) {
				vet.addSpecialty(named(new Specialty(), specialty));
			}
			return vet;
		}

	}

	static class Owners implements Counting {

		private int calls;

		@Override
		public int calls() {
			return this.calls;
		}

		@Cacheable("owners")
		public Optional<Owner> findById(Integer id) {
			this.calls++;
			return all().stream().filter((owner) -> id.equals(owner.getId())).findFirst();
		}

		@Cacheable("ownersByName")
		public Page<Owner> findByLastNameStartingWith(String lastName, Pageable pageable) {
			this.calls++;
			List<Owner> found = all().stream().filter((owner) -> owner.getLastName().startsWith(lastName)).toList();
			return new PageImpl<>(part(found, pageable), pageable, found.size());
		}

		@Cacheable("petTypes")
		public List<PetType> findPetTypes() {
			this.calls++;
			return List.of(named(new PetType(), "cat"), named(new PetType(), "dog"));
		}

		private static List<Owner> all() {
			Owner davis = new Owner();
			davis.setId(1);
			davis.setLastName("Davis");
			davis.addPet(pet("Leo", "cat", "rabies shot", "neutered"));
			davis.addPet(pet("Basil", "dog"));
			Owner franklin = new Owner();
			franklin.setId(2);
			franklin.setLastName("Franklin");
			return List.of(davis, franklin);
		}

		private static Pet pet(String name, String type, String... visits) {
			Pet pet = named(new Pet(), name);
			pet.setBirthDate(LocalDate.of(2020, 9, 7));
			pet.setType(named(new PetType(), type));
			for (String description : visits) {
				Visit visit = new Visit();
				visit.setDescription(description);
				pet.getVisits().add(visit);
			}
			return pet;
		}

	}

	private static <T> List<T> part(List<T> all, Pageable pageable) {
		if (pageable.isUnpaged()) {
			return all;
		}
		return all.stream().skip(pageable.getOffset()).limit(pageable.getPageSize()).toList();
	}

	private static <T extends NamedEntity> T named(T entity, String name) {
		entity.setName(name);
		return entity;
	}

	static class BaseEntity {

		private @Nullable Integer id;

		public @Nullable Integer getId() {
			return this.id;
		}

		public void setId(@Nullable Integer id) {
			this.id = id;
		}

		public boolean isNew() {
			return this.id == null;
		}

	}

	static class NamedEntity extends BaseEntity {

		private String name = "";

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

	}

	static class Person extends BaseEntity {

		private String lastName = "";

		public String getLastName() {
			return this.lastName;
		}

		public void setLastName(String lastName) {
			this.lastName = lastName;
		}

	}

	static class Specialty extends NamedEntity {

	}

	static class PetType extends NamedEntity {

	}

	/**
	 * A vet whose getter returns a sorted copy of the specialties.
	 */
	static class Vet extends Person {

		private @Nullable Set<Specialty> specialties;

		protected Set<Specialty> getSpecialtiesInternal() {
			if (this.specialties == null) {
				this.specialties = new LinkedHashSet<>();
			}
			return this.specialties;
		}

		public List<Specialty> getSpecialties() {
			return getSpecialtiesInternal().stream().sorted(Comparator.comparing(NamedEntity::getName)).toList();
		}

		public int getNrOfSpecialties() {
			return getSpecialtiesInternal().size();
		}

		void addSpecialty(Specialty specialty) {
			getSpecialtiesInternal().add(specialty);
		}

	}

	static class Owner extends Person {

		private final List<Pet> pets = new ArrayList<>();

		public List<Pet> getPets() {
			return this.pets;
		}

		void addPet(Pet pet) {
			if (pet.isNew()) {
				getPets().add(pet);
			}
		}

	}

	static class Pet extends NamedEntity {

		private @Nullable LocalDate birthDate;

		private @Nullable PetType type;

		private final Set<Visit> visits = new LinkedHashSet<>();

		public @Nullable LocalDate getBirthDate() {
			return this.birthDate;
		}

		public void setBirthDate(@Nullable LocalDate birthDate) {
			this.birthDate = birthDate;
		}

		public @Nullable PetType getType() {
			return this.type;
		}

		public void setType(@Nullable PetType type) {
			this.type = type;
		}

		public Collection<Visit> getVisits() {
			return this.visits;
		}

	}

	static class Visit extends BaseEntity {

		private String description = "";

		public String getDescription() {
			return this.description;
		}

		public void setDescription(String description) {
			this.description = description;
		}

	}

}
