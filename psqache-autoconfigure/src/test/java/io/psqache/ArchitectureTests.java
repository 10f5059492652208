package io.psqache;

import java.util.Date;

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

	@ArchTest
	static final ArchRule storeKnowsNoOtherPackage = noClasses().that()
		.resideInAPackage("io.psqache.store..")
		.should()
		.dependOnClassesThat(resideInAnyPackage("io.psqache..").and(not(resideInAnyPackage("io.psqache.store.."))));

	@ArchTest
	static final ArchRule codecKnowsOnlyTheStore = noClasses().that()
		.resideInAPackage("io.psqache.codec..")
		.should()
		.dependOnClassesThat(resideInAnyPackage("io.psqache..")
			.and(not(resideInAnyPackage("io.psqache.codec..", "io.psqache.store.."))));

	@ArchTest
	static final ArchRule transactionsKnowOnlyTheStore = noClasses().that()
		.resideInAPackage("io.psqache.transaction..")
		.should()
		.dependOnClassesThat(resideInAnyPackage("io.psqache..")
			.and(not(resideInAnyPackage("io.psqache.transaction..", "io.psqache.store.."))));

	@ArchTest
	static final ArchRule watchKnowsOnlyTheStore = noClasses().that()
		.resideInAPackage("io.psqache.watch..")
		.should()
		.dependOnClassesThat(resideInAnyPackage("io.psqache..")
			.and(not(resideInAnyPackage("io.psqache.watch..", "io.psqache.store.."))));

	@ArchTest
	static final ArchRule sweeperKnowsOnlyTheStore = noClasses().that()
		.resideInAPackage("io.psqache.sweep..")
		.should()
		.dependOnClassesThat(resideInAnyPackage("io.psqache..")
			.and(not(resideInAnyPackage("io.psqache.sweep..", "io.psqache.store.."))));

	@ArchTest
	static final ArchRule nearCacheKnowsOnlyTheStore = noClasses().that()
		.resideInAPackage("io.psqache.near..")
		.should()
		.dependOnClassesThat(resideInAnyPackage("io.psqache..")
			.and(not(resideInAnyPackage("io.psqache.near..", "io.psqache.store.."))));

	@ArchTest
	static final ArchRule loadsKnowOnlyTheCodecAndTheStore = noClasses().that()
		.resideInAPackage("io.psqache.load..")
		.should()
		.dependOnClassesThat(resideInAnyPackage("io.psqache..")
			.and(not(resideInAnyPackage("io.psqache.load..", "io.psqache.codec..", "io.psqache.store.."))));

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
		.resideOutsideOfPackages("io.psqache.store..", "io.psqache.sweep..", "io.psqache.transaction..",
				"io.psqache.watch..", "io.psqache.autoconfigure..")
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
	 * A clock that is wrong by an hour changes nothing but the age of figures that people
	 * are shown: whatever is decided is by the database's clock, or by nano time.
	 */
	@ArchTest
	static final ArchRule nothingIsDecidedByTheClockOfTheMachine = noClasses().that()
		.haveNameNotMatching("io\\.psqache\\.(store\\.CacheFigures|sweep\\.FiguresTable(\\$.*)?|near\\.WallClock)")
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
