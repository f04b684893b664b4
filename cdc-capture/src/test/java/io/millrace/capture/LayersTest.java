package io.millrace.capture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.millrace.capture", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

    @ArchTest
    static final ArchRule debeziumStaysInTheReader = noClasses()
            .that()
            .resideOutsideOfPackages("..capture.read..", "..capture.postgres..", "..capture.mariadb..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.debezium..")
            .because("another reader (MariaDB, DMS) must be able to feed the same steps");

    @ArchTest
    static final ArchRule awsStaysInItsShells = noClasses()
            .that()
            .doNotHaveSimpleName("AwsClients")
            .and()
            .doNotHaveSimpleName("KinesisStream")
            .and()
            .doNotHaveSimpleName("S3ObjectStore")
            .and()
            .resideOutsideOfPackage("io.millrace.capture")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..")
            .because("ordering and retries are tested without a server");

    @ArchTest
    static final ArchRule transportsDoNotKnowEachOther = slices().matching("io.millrace.capture.publish.(*)")
            .should()
            .notDependOnEachOther()
            .because("a transport is added or left out without the others noticing");

    @ArchTest
    static final ArchRule productsDoNotKnowEachOther = noClasses()
            .that()
            .resideInAPackage("..capture.postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..capture.mariadb..")
            .because("what differs from one database to the next is behind SourceDatabase and Reading");

    @ArchTest
    static final ArchRule norTheOtherWayRound = noClasses()
            .that()
            .resideInAPackage("..capture.mariadb..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..capture.postgres..")
            .because("what differs from one database to the next is behind SourceDatabase and Reading");

    @ArchTest
    static final ArchRule stepsDoNotKnowTheWiring = noClasses()
            .that()
            .resideInAnyPackage("..encode..", "..publish..", "..offset..", "..storage..", "..status..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.millrace.capture", "..capture.read..", "..capture.postgres..", "..capture.mariadb..")
            .because("a step takes what it needs through its constructor");
}
