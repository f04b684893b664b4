package io.millrace.schemas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

@AnalyzeClasses(packages = "io.millrace.schemas", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {

    @ArchTest
    static final ArchRule schemasKnowNoEngine = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.flink..",
                    "org.apache.spark..",
                    "org.apache.kafka..",
                    "org.apache.iceberg..",
                    "org.opensearch..",
                    "io.debezium..")
            .because(
                    "the vocabulary is shared by the capture, the job and the batch jobs, whose engines do not fit into one"
                            + " class path; a step that needs one belongs beside it");

    @ArchTest
    static final ArchRule schemasKnowNobody = noClasses()
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "are of another Millrace module",
                    (JavaClass other) -> other.getPackageName().startsWith("io.millrace")
                            && !other.getPackageName().startsWith("io.millrace.schemas")))
            .because("everybody depends on schemas, so it can depend on nobody");

    @ArchTest
    static final ArchRule eventsKnowNeitherFormatsNorFiles = noClasses()
            .that()
            .resideInAPackage("io.millrace.schemas.event")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("io.millrace.schemas.event", "java..", "org.jspecify..")
            .because("a change is the same whatever format it came in and wherever it goes");

    @ArchTest
    static final ArchRule packagesHaveNoCycle = SlicesRuleDefinition.slices()
            .matching("io.millrace.schemas.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a record travels one way: event is the vocabulary, decode uses registry and pipeline");
}
