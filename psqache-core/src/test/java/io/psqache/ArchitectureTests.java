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

package io.psqache;

import java.util.Date;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The dependencies in docs/architecture.md as rules.
 */
@AnalyzeClasses(packages = "io.psqache", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	/**
	 * The public classes that applications call, and the classes that compose internals.
	 * All other classes of {@code io.psqache} are settings, statistics, exceptions and
	 * extension interfaces.
	 */
	private static final Set<String> FACADE = Set.of("PostgresCache", "PostgresCacheManager",
			"PostgresCacheManagerBuilder", "PostgresCacheManagerBuilderCustomizer", "CacheBackend", "StartupLine");

	private static final DescribedPredicate<JavaClass> INTERNAL = resideInAPackage("io.psqache.internal..");

	private static final DescribedPredicate<JavaClass> OF_THE_FACADE = DescribedPredicate.describe("are of the facade",
			(type) -> type.getPackageName().equals("io.psqache") && FACADE.contains(outermost(type).getSimpleName()));

	@ArchTest
	static final ArchRule signaturesShowNoInternalType = classes().that()
		.resideInAPackage("io.psqache")
		.and()
		.arePublic()
		.should(new ArchCondition<>("show no internal type in a public signature") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				exposed(type).filter(INTERNAL)
					.forEach((shown) -> events.add(SimpleConditionEvent.violated(type,
							type.getName() + " shows " + shown.getName() + " in a public signature")));
			}

		});

	private static Stream<JavaClass> exposed(JavaClass type) {
		Stream<JavaClass> members = type.getMembers()
			.stream()
			.filter((member) -> member.getModifiers().contains(JavaModifier.PUBLIC)
					|| member.getModifiers().contains(JavaModifier.PROTECTED))
			.filter((member) -> !member.getModifiers().contains(JavaModifier.SYNTHETIC))
			.flatMap((member) -> member.getAllInvolvedRawTypes().stream());
		return Stream.of(members, type.getAllRawInterfaces().stream(), type.getAllRawSuperclasses().stream())
			.flatMap(Function.identity());
	}

	private static JavaClass outermost(JavaClass type) {
		return type.getEnclosingClass().map(ArchitectureTests::outermost).orElse(type);
	}

	@ArchTest
	static final ArchRule onlyTheFacadeKnowsInternals = noClasses().that()
		.resideInAPackage("io.psqache")
		.and(not(OF_THE_FACADE))
		.should()
		.dependOnClassesThat(INTERNAL.or(OF_THE_FACADE));

	@ArchTest
	static final ArchRule internalsDoNotKnowTheFacade = noClasses().that(INTERNAL)
		.should()
		.dependOnClassesThat(OF_THE_FACADE);

	/**
	 * Dependencies have one direction: each package may use only the named packages.
	 */
	@ArchTest
	static final ArchRule engineKnowsNoOtherPackage = usesOnly("engine");

	@ArchTest
	static final ArchRule storeKnowsTheEngine = usesOnly("store", "engine");

	@ArchTest
	static final ArchRule codecKnowsTheStore = usesOnly("codec", "store", "engine");

	@ArchTest
	static final ArchRule transactionsKnowTheStore = usesOnly("transaction", "store", "engine");

	@ArchTest
	static final ArchRule watchKnowsTheStore = usesOnly("watch", "store");

	@ArchTest
	static final ArchRule sweeperKnowsTheStore = usesOnly("sweep", "store", "engine");

	@ArchTest
	static final ArchRule nearCacheKnowsTheStore = usesOnly("near", "store", "engine");

	@ArchTest
	static final ArchRule loadsKnowTheCodecAndTheStore = usesOnly("load", "codec", "store", "engine");

	@ArchTest
	static final ArchRule annotationsKnowTheCodec = usesOnly("annotation", "codec");

	@ArchTest
	static final ArchRule connectionsKnowTransactions = usesOnly("connection", "transaction", "store", "engine");

	@ArchTest
	static final ArchRule schemaKnowsConnectionsAndWatchedTables = usesOnly("schema", "connection", "watch", "store");

	@ArchTest
	static final ArchRule cacheKnowsWhatItIsPutTogetherOf = usesOnly("cache", "load", "near", "transaction", "codec",
			"store", "engine");

	private static ArchRule usesOnly(String name, String... others) {
		String[] allowed = Stream.concat(Stream.of(name), Stream.of(others))
			.map((each) -> "io.psqache.internal." + each + "..")
			.toArray(String[]::new);
		return noClasses().that()
			.resideInAPackage("io.psqache.internal." + name + "..")
			.should()
			.dependOnClassesThat(INTERNAL.and(not(resideInAnyPackage(allowed))));
	}

	/**
	 * Threads, queues and connections belong to the engine, SQL to the store.
	 */
	@ArchTest
	static final ArchRule storeHasNoThreads = noClasses().that()
		.resideInAPackage("io.psqache.internal.store..")
		.should()
		.dependOnClassesThat()
		.haveNameMatching(
				"java\\.lang\\.Thread(\\$.*)?|java\\.util\\.concurrent\\.(locks\\.LockSupport|.*ExecutorService|.*ThreadPoolExecutor|.*BlockingQueue)");

	@ArchTest
	static final ArchRule onlyTheNearCacheKnowsCaffeine = noClasses().that()
		.resideOutsideOfPackage("io.psqache.internal.near..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("com.github.benmanes.caffeine..");

	@ArchTest
	static final ArchRule nothingKnowsSpringBoot = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.psqache.autoconfigure..", "org.springframework.boot..", "io.micrometer..");

	@ArchTest
	static final ArchRule onlyTheSchemaKnowsFlyway = noClasses().that()
		.resideOutsideOfPackage("io.psqache.internal.schema..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.flywaydb..");

	@ArchTest
	static final ArchRule onlyWhatHasStatementsTouchesJdbc = noClasses().that()
		.resideInAnyPackage("io.psqache.internal.cache..", "io.psqache.internal.codec..", "io.psqache.internal.near..",
				"io.psqache.internal.annotation..")
		.and()
		.haveNameNotMatching("io\\.psqache\\.internal\\.codec\\.JdbcTypes(\\$.*)?")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.springframework.jdbc..");

	@ArchTest
	static final ArchRule onlyTheCodecKnowsJackson = noClasses().that()
		.resideOutsideOfPackage("io.psqache.internal.codec..")
		.and()
		.doNotHaveSimpleName("PsqacheJsonMapperCustomizer")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("tools.jackson..", "com.fasterxml..");

	@ArchTest
	static final ArchRule thereAreNoCyclesOfInternalPackages = slices().assignedFrom(new SliceAssignment() {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			return INTERNAL.test(type) ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
		}

		@Override
		public String getDescription() {
			return "internal packages";
		}

	}).should().beFreeOfCycles();

	/**
	 * The database's clock or nano time is used for all decisions. A local clock that is
	 * wrong by an hour changes only displayed ages. JdbcTypes requests the time zone, not
	 * the time.
	 */
	@ArchTest
	static final ArchRule nothingIsDecidedByTheClockOfTheMachine = noClasses().that()
		.haveNameNotMatching(
				"io\\.psqache\\.(CacheUsage|internal\\.(codec\\.JdbcTypes|sweep\\.UsageTable(\\$.*)?|near\\.WallClock))")
		.should(callMethodWhere(target(owner(resideInAPackage("java.time.."))).and(target(name("now")))))
		.orShould(
				callMethodWhere(target(owner(resideInAPackage("java.time.."))).and(target(nameStartingWith("system")))))
		.orShould()
		.callMethod(System.class, "currentTimeMillis")
		.orShould()
		.callConstructor(Date.class);

	@ArchTest
	static final ArchRule nothingPinsAVirtualThread = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

	@ArchTest
	static final ArchRule everyPackageIsNullMarked = classes()
		.should(new ArchCondition<>("be in a @NullMarked package") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
				events
					.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is @NullMarked: " + marked));
			}

		});

}
