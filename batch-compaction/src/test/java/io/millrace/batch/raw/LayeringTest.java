package io.millrace.batch.raw;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.millrace.batch.raw", importOptions = DoNotIncludeTests.class)
class LayeringTest {
    @ArchTest
    static final ArchRule DECISIONS_ARE_PLAIN = noClasses()
            .that()
            .resideInAnyPackage("..raw.land..", "..raw.csv..", "..raw.infer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache..", "..raw.read..", "..raw.write..")
            .because(
                    "which files are loaded in which order, what lines say and which columns there are, is decided and tested"
                            + " without Spark and Iceberg");

    @ArchTest
    static final ArchRule READING_KNOWS_NO_TABLE = noClasses()
            .that()
            .resideInAPackage("..raw.read..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..raw.write..")
            .because("lines are read the same whatever they are written to");
}
