package io.millrace.batch.compact;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.millrace.batch", importOptions = DoNotIncludeTests.class)
class LayeringTest {
    @ArchTest
    static final ArchRule POLICY_IS_PLAIN = noClasses()
            .that()
            .resideInAPackage("..policy..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache..", "..rewrite..", "..upkeep..")
            .because("what is worth compacting is decided, and tested, without Iceberg and Spark");

    @ArchTest
    static final ArchRule REWRITE_KNOWS_NO_JOB = noClasses()
            .that()
            .resideInAPackage("..rewrite..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..upkeep..", "io.millrace.schemas..", "picocli..")
            .because("a group is rewritten and committed whoever asks for it");
}
