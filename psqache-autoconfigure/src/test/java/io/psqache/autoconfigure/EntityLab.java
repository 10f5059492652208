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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import javax.sql.DataSource;

import com.fasterxml.jackson.annotation.JsonBackReference;
import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonManagedReference;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Version;
import org.hibernate.annotations.SortNatural;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * Entities of common kinds, and an application that maps them with Hibernate.
 */
@Configuration(proxyBeanMethods = false)
@Import(TestApplication.class)
@EnableTransactionManagement
class EntityLab {

	@Bean
	LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
		LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
		factory.setDataSource(dataSource);
		factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		factory.setManagedTypes(PersistenceManagedTypes.of(Shelf.class.getName(), Book.class.getName(),
				Author.class.getName(), Song.class.getName(), Team.class.getName(), Player.class.getName(),
				Club.class.getName(), Member.class.getName(), Pet.class.getName(), Label.class.getName(),
				Tagged.class.getName(), Crate.class.getName(), Address.class.getName()));
		Properties properties = new Properties();
		properties.setProperty("hibernate.hbm2ddl.auto", "create");
		properties.setProperty("hibernate.generate_statistics", "true");
		factory.setJpaProperties(properties);
		return factory;
	}

	@Bean
	JpaTransactionManager transactionManager(EntityManagerFactory entityManagerFactory) {
		return new JpaTransactionManager(entityManagerFactory);
	}

	/**
	 * An entity with lazy collections of each kind, a computed property, and a
	 * bidirectional relation with Jackson annotations.
	 */
	@Entity(name = "shelf")
	static class Shelf {

		@Id
		private @Nullable Long id;

		@Version
		private @Nullable Integer version;

		private @Nullable String name;

		@ElementCollection
		private List<String> tags = new ArrayList<>();

		@ElementCollection
		private Set<Integer> sizes = new HashSet<>();

		@ElementCollection
		private Map<String, Integer> counts = new HashMap<>();

		@ElementCollection
		@SortNatural
		private SortedSet<String> sorted = new TreeSet<>();

		@ManyToMany
		private Set<Label> labels = new HashSet<>();

		@OneToMany(mappedBy = "shelf", cascade = CascadeType.ALL, orphanRemoval = true)
		@JsonManagedReference
		private List<Book> books = new ArrayList<>();

		protected Shelf() {
		}

		Shelf(long id, String name) {
			this.id = id;
			this.name = name;
		}

		public @Nullable Long getId() {
			return this.id;
		}

		public void setId(@Nullable Long id) {
			this.id = id;
		}

		public @Nullable Integer getVersion() {
			return this.version;
		}

		public @Nullable String getName() {
			return this.name;
		}

		public void setName(@Nullable String name) {
			this.name = name;
		}

		public List<String> getTags() {
			return this.tags;
		}

		public Set<Integer> getSizes() {
			return this.sizes;
		}

		public Map<String, Integer> getCounts() {
			return this.counts;
		}

		public SortedSet<String> getSorted() {
			return this.sorted;
		}

		public Set<Label> getLabels() {
			return this.labels;
		}

		public List<Book> getBooks() {
			return this.books;
		}

	}

	@Entity(name = "book")
	static class Book {

		@Id
		private @Nullable Long id;

		private @Nullable String title;

		@ManyToOne(fetch = FetchType.LAZY)
		@JsonBackReference
		private @Nullable Shelf shelf;

		protected Book() {
		}

		Book(long id, String title, Shelf shelf) {
			this.id = id;
			this.title = title;
			this.shelf = shelf;
		}

		public @Nullable Long getId() {
			return this.id;
		}

		public @Nullable String getTitle() {
			return this.title;
		}

		public @Nullable Shelf getShelf() {
			return this.shelf;
		}

	}

	/**
	 * An entity without lazy parts that, as is common, compares only its identifier.
	 */
	@Entity(name = "label")
	static class Label {

		@Id
		private @Nullable Long id;

		private @Nullable String text;

		protected Label() {
		}

		Label(long id, String text) {
			this.id = id;
			this.text = text;
		}

		public @Nullable Long getId() {
			return this.id;
		}

		public @Nullable String getText() {
			return this.text;
		}

		public void setText(String text) {
			this.text = text;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Label label && this.id != null && this.id.equals(label.getId());
		}

		@Override
		public int hashCode() {
			return Label.class.hashCode();
		}

	}

	/**
	 * An entity that can be a key if it is loaded.
	 */
	@Entity(name = "tagged")
	static class Tagged {

		@Id
		private @Nullable Long id;

		@ElementCollection
		private List<String> tags = new ArrayList<>();

		public @Nullable Long getId() {
			return this.id;
		}

		public void setId(@Nullable Long id) {
			this.id = id;
		}

		public List<String> getTags() {
			return this.tags;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Tagged tagged && this.id != null && this.id.equals(tagged.id);
		}

		@Override
		public int hashCode() {
			return Tagged.class.hashCode();
		}

	}

	/**
	 * An entity with a bidirectional relation without Jackson annotations.
	 */
	@Entity(name = "author")
	static class Author {

		@Id
		private @Nullable Long id;

		@OneToMany(mappedBy = "author", cascade = CascadeType.ALL)
		private List<Song> songs = new ArrayList<>();

		public @Nullable Long getId() {
			return this.id;
		}

		public void setId(@Nullable Long id) {
			this.id = id;
		}

		public List<Song> getSongs() {
			return this.songs;
		}

	}

	@Entity(name = "song")
	static class Song {

		@Id
		private @Nullable Long id;

		@ManyToOne(fetch = FetchType.LAZY)
		private @Nullable Author author;

		public @Nullable Long getId() {
			return this.id;
		}

		public void setId(@Nullable Long id) {
			this.id = id;
		}

		public @Nullable Author getAuthor() {
			return this.author;
		}

		public void setAuthor(@Nullable Author author) {
			this.author = author;
		}

	}

	@Entity(name = "team")
	@JsonIdentityInfo(generator = ObjectIdGenerators.PropertyGenerator.class, property = "identifier")
	static class Team {

		@Id
		private @Nullable Long identifier;

		@OneToMany(mappedBy = "team", cascade = CascadeType.ALL)
		private List<Player> all = new ArrayList<>();

		public @Nullable Long getIdentifier() {
			return this.identifier;
		}

		public void setIdentifier(@Nullable Long identifier) {
			this.identifier = identifier;
		}

		public List<Player> getAll() {
			return this.all;
		}

	}

	@Entity(name = "player")
	@JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
	static class Player {

		@Id
		private @Nullable Long id;

		@ManyToOne(fetch = FetchType.LAZY)
		private @Nullable Team team;

		public @Nullable Long getId() {
			return this.id;
		}

		public void setId(@Nullable Long id) {
			this.id = id;
		}

		public @Nullable Team getTeam() {
			return this.team;
		}

		public void setTeam(@Nullable Team team) {
			this.team = team;
		}

	}

	@Entity(name = "club")
	@JsonIdentityInfo(generator = ObjectIdGenerators.PropertyGenerator.class, property = "name")
	static class Club {

		@Id
		private @Nullable String name;

		@OneToMany(mappedBy = "club", cascade = CascadeType.ALL)
		private Set<Member> members = new HashSet<>();

		public @Nullable String getName() {
			return this.name;
		}

		public void setName(@Nullable String name) {
			this.name = name;
		}

		public Set<Member> getMembers() {
			return this.members;
		}

	}

	@Entity(name = "member")
	@JsonIdentityInfo(generator = ObjectIdGenerators.PropertyGenerator.class, property = "id")
	static class Member {

		@Id
		private @Nullable Long id;

		@ManyToOne(fetch = FetchType.LAZY)
		private @Nullable Club club;

		public @Nullable Long getId() {
			return this.id;
		}

		public void setId(@Nullable Long id) {
			this.id = id;
		}

		public @Nullable Club getClub() {
			return this.club;
		}

		public void setClub(@Nullable Club club) {
			this.club = club;
		}

	}

	@Entity(name = "pet")
	static class Pet {

		@Id
		private @Nullable Long id;

		@Version
		private int revision;

		@ManyToOne(fetch = FetchType.LAZY)
		@JsonIgnore
		private @Nullable Label owner;

		@Embedded
		private @Nullable Address address;

		public @Nullable Long getId() {
			return this.id;
		}

		public void setId(@Nullable Long id) {
			this.id = id;
		}

		public int getRevision() {
			return this.revision;
		}

		public @Nullable Label getOwner() {
			return this.owner;
		}

		public void setOwner(@Nullable Label owner) {
			this.owner = owner;
		}

		public @Nullable Address getAddress() {
			return this.address;
		}

		public void setAddress(@Nullable Address address) {
			this.address = address;
		}

	}

	/**
	 * An entity with a relation that is not part of its JSON.
	 */
	@Entity(name = "crate")
	static class Crate {

		@Id
		private @Nullable Long id;

		@ElementCollection
		@JsonIgnore
		private List<String> marks = new ArrayList<>();

		protected Crate() {
		}

		Crate(Long id, List<String> marks) {
			this.id = id;
			this.marks.addAll(marks);
		}

		public @Nullable Long getId() {
			return this.id;
		}

		public List<String> getMarks() {
			return this.marks;
		}

	}

	@Embeddable
	static class Address {

		private @Nullable String town;

		@ManyToOne(fetch = FetchType.LAZY)
		private @Nullable Label country;

		public @Nullable String getTown() {
			return this.town;
		}

		public void setTown(@Nullable String town) {
			this.town = town;
		}

		public @Nullable Label getCountry() {
			return this.country;
		}

		public void setCountry(@Nullable Label country) {
			this.country = country;
		}

	}

	/**
	 * A projection that contains a Hibernate collection.
	 */
	record ShelfView(@Nullable String name, List<String> tags) {

	}

}
