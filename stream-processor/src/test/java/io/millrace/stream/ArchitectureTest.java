package io.millrace.stream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule steps_know_no_engine = noClasses()
            .that()
            .resideInAPackage("io.millrace.stream.*..")
            .and()
            .resideOutsideOfPackage("io.millrace.stream..flink")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink..")
            .because(
                    "a step is plain Java that is tested and reused without Flink; its operator is in .flink beside it");

    @ArchTest
    static final ArchRule schemas_know_nobody = noClasses()
            .that()
            .resideInAPackage("io.millrace.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.millrace.stream..", "io.millrace.iceberg..", "org.apache.flink..")
            .because("schemas are the vocabulary that everybody shares");

    @ArchTest
    static final ArchRule steps_do_not_know_the_route = noClasses()
            .that()
            .resideInAPackage("io.millrace.stream.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.millrace.stream")
            .because("only the route and the main know everybody; a step that knows the route cannot be moved");

    @ArchTest
    static final ArchRule targets_do_not_know_each_other = slices().matching(
                    "io.millrace.stream.sink.(iceberg|opensearch)..")
            .should()
            .notDependOnEachOther()
            .because("a target is added or left out without the others noticing");

    @ArchTest
    static final ArchRule the_pure_steps_have_no_cycles = slices().matching("io.millrace.stream.(*)")
            .should()
            .beFreeOfCycles()
            .because("a change travels one way");

    @ArchTest
    static final ArchRule sequencing_is_pure = classes()
            .that()
            .resideInAPackage("io.millrace.stream.sequence")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.millrace.schemas..", "io.millrace.stream.sequence", "org.jspecify..")
            .because("the order of changes is decided by positions alone: no clock, no state, no engine");
}
