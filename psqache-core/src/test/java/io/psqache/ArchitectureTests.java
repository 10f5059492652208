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
import java.util.stream.Stream;

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
 * The map in docs/architecture.md, as rules.
 */
@AnalyzeClasses(packages = "io.psqache", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	/**
	 * One direction only: each package may use those that are named.
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

	private static ArchRule usesOnly(String name, String... others) {
		String[] allowed = Stream.concat(Stream.of(name), Stream.of(others))
			.map((each) -> "io.psqache." + each + "..")
			.toArray(String[]::new);
		return noClasses().that()
			.resideInAPackage("io.psqache." + name + "..")
			.should()
			.dependOnClassesThat(resideInAnyPackage("io.psqache..").and(not(resideInAnyPackage(allowed))));
	}

	/**
	 * Threads, queues and connections are the engine's. The store has SQL.
	 */
	@ArchTest
	static final ArchRule storeHasNoThreads = noClasses().that()
		.resideInAPackage("io.psqache.store..")
		.should()
		.dependOnClassesThat()
		.haveNameMatching(
				"java\\.lang\\.Thread(\\$.*)?|java\\.util\\.concurrent\\.(locks\\.LockSupport|.*ExecutorService|.*ThreadPoolExecutor|.*BlockingQueue)");

	@ArchTest
	static final ArchRule onlyTheNearCacheKnowsCaffeine = noClasses().that()
		.resideOutsideOfPackage("io.psqache.near..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("com.github.benmanes.caffeine..");

	@ArchTest
	static final ArchRule onlyTheAutoConfigurationKnowsSpringBootAndFlyway = noClasses().that()
		.resideOutsideOfPackage("io.psqache.autoconfigure..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.psqache.autoconfigure..", "org.springframework.boot..", "org.flywaydb..",
				"io.micrometer..");

	@ArchTest
	static final ArchRule onlyWhatHasStatementsTouchesJdbcOnceTheApplicationRuns = noClasses().that()
		.resideOutsideOfPackages("io.psqache.engine..", "io.psqache.store..", "io.psqache.load..", "io.psqache.sweep..",
				"io.psqache.transaction..", "io.psqache.watch..", "io.psqache.autoconfigure..")
		.and()
		.haveNameNotMatching("io\\.psqache\\.codec\\.JdbcTypes(\\$.*)?")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.springframework.jdbc..");

	@ArchTest
	static final ArchRule onlyTheCodecKnowsJackson = noClasses().that()
		.resideOutsideOfPackage("io.psqache.codec..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("tools.jackson..", "com.fasterxml..");

	@ArchTest
	static final ArchRule thereAreNoPackageCycles = slices().assignedFrom(new SliceAssignment() {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			return SliceIdentifier.of(type.getPackageName());
		}

		@Override
		public String getDescription() {
			return "packages, the root among them";
		}

	}).should().beFreeOfCycles();

	/**
	 * A clock that is wrong by an hour changes nothing but the age of figures that are
	 * displayed: the database's clock or nano time decides. JdbcTypes asks for the time
	 * zone, not for the time.
	 */
	@ArchTest
	static final ArchRule nothingIsDecidedByTheClockOfTheMachine = noClasses().that()
		.haveNameNotMatching(
				"io\\.psqache\\.(codec\\.JdbcTypes|store\\.CacheFigures|sweep\\.FiguresTable(\\$.*)?|near\\.WallClock)")
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
