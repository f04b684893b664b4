package io.millrace.iceberg;

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
    static final ArchRule the_sink_stands_on_its_own = classes()
            .that()
            .resideInAPackage("io.millrace.iceberg..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "io.millrace.iceberg..",
                    "org.apache.iceberg..",
                    "org.apache.flink..",
                    "org.apache.hadoop.conf..",
                    "org.apache.parquet..",
                    "com.fasterxml.jackson..",
                    "com.github.benmanes.caffeine..",
                    "org.slf4j..",
                    "org.jspecify..")
            .because("it is a library for any Flink job that writes Iceberg, and knows nothing of Millrace's events");

    @ArchTest
    static final ArchRule only_the_shell_knows_operators = noClasses()
            .that()
            .resideInAPackage("io.millrace.iceberg.*..")
            .and()
            .resideOutsideOfPackage("io.millrace.iceberg.flink..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.flink.streaming..", "org.apache.flink.runtime..")
            .because(
                    "writing and committing are tested and understood without a cluster; state and timers are the shell's");

    @ArchTest
    static final ArchRule steps_have_no_cycles = slices().matching("io.millrace.iceberg.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a change travels one way: from the writer's report to the commit");
}
