package io.millrace.schemas.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.pipeline.PipelineProblems.Problem;
import io.millrace.schemas.pipeline.Rule.Action;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Masks and rules in the pipeline file. */
class QualityTest {
    private static final String KEY = "a key of at least thirty-two characters";
    private static final String FILE = """
            pipeline: shop
            %s
            sources:
              - {name: shop, format: debezium-avro, stream: shop}
            tables:
              - source: shop
                table: public.orders
                key: [id]
                iceberg: {table: shop.orders, partition-by: ["day(created)"]}
                %s
            connections:
              kinesis: {region: us-east-1}
              schema-registry: {region: us-east-1, name: r}
              storage: {region: us-east-1, location: "s3://bucket/x"}
              iceberg: {catalog: c, properties: {type: glue}}
              opensearch: {hosts: ["http://127.0.0.1:9200"]}
            """;

    @TempDir
    Path folder;

    @Test
    void everyRuleAndMaskIsRead() throws IOException {
        Pipeline pipeline = read("", """
            masks: {mail: partial, id: hash, note: "null", card: tokenize-format, name: redact}
                rules:
                  - {rule: required, column: mail}
                  - {rule: range, column: price, min: 0, max: 99.5, action: report}
                  - {rule: pattern, column: mail, pattern: "[^@]+@[^@]+"}
                  - {rule: one-of, column: state, values: [open, closed]}
                  - {rule: max-length, column: name, length: 20}
                  - {rule: references, column: customer, table: public.customers}
                  - {rule: unique-in-window, column: code, window: 5m}
            """, Map.of("MILLRACE_MASKING_KEY", KEY));

        Quality quality = pipeline.tables().get(0).quality();
        assertThat(quality.masks())
                .isEqualTo(Map.of(
                        "mail", Mask.PARTIAL,
                        "id", Mask.HASH,
                        "note", Mask.NULL,
                        "card", Mask.TOKENIZE_FORMAT,
                        "name", Mask.REDACT));
        assertThat(quality.rules())
                .containsExactly(
                        new Rule.Required("mail", Action.DEAD_LETTER),
                        new Rule.Range(
                                "price",
                                new Bound.Number(BigDecimal.ZERO),
                                new Bound.Number(new BigDecimal("99.5")),
                                Action.REPORT),
                        new Rule.Matches("mail", "[^@]+@[^@]+", Action.DEAD_LETTER),
                        new Rule.OneOf("state", List.of("open", "closed"), Action.DEAD_LETTER),
                        new Rule.MaxLength("name", 20, Action.DEAD_LETTER),
                        new Rule.References("customer", "public.customers", Action.DEAD_LETTER),
                        new Rule.UniqueInWindow("code", Duration.ofMinutes(5), Action.DEAD_LETTER));
        assertThat(pipeline.masking().open()).isPresent();
    }

    @Test
    void aKeyIsTakenFromTheVariableThatTheFileNames() throws IOException {
        assertThat(read("masking: {key: \"${MY_KEY}\"}", "masks: {mail: hash}", Map.of("MY_KEY", KEY))
                        .masking()
                        .key())
                .isEqualTo(KEY);
    }

    @Test
    void aKeyInTheFileIsRefusedAndNotShown() throws IOException {
        assertThat(problems("masking: {key: " + KEY.replace(' ', '-') + "}", "masks: {mail: hash}", Map.of()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("it is in the file", "${NAME}")
                        .doesNotContain("thirty"));
        assertThat(problems("masking: {key: \"${K:-" + KEY + "}\"}", "", Map.of()))
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    masks: {mail: hash}                                     | Cannot mask without a key: tables[0].masks
                    rules: [{rule: range, column: price}]                   | needs min, max or both
                    rules: [{rule: range, column: price, min: cheap}]       | cheap is neither a number nor a date
                    rules: [{rule: range, column: price, min: 5, max: 1}]   | 1 does not come after min 5
                    rules: [{rule: range, column: price, min: 5, max: 2024-01-01}] | does not come after min
                    rules: [{rule: pattern, column: mail, pattern: "(a"}]   | a regular expression in RE2's syntax
                    rules: [{rule: pattern, column: mail, pattern: "(a)\\\\1"}] | a regular expression in RE2's syntax
                    rules: [{rule: pattern, column: mail}]                  | a rule pattern needs pattern
                    rules: [{rule: required}]                               | a rule required needs column
                    rules: [{rule: required, column: mail, length: 3}]      | a rule required has no length
                    rules: [{rule: unknown, column: mail}]                  | one of required, range
                    masks: {mail: md5}                                      | one of hash, redact
                    """)
    void whatCannotBeRightIsSaidAtTheStart(String quality, String message) throws IOException {
        assertThat(problems("", quality, Map.of()))
                .anySatisfy(problem ->
                        assertThat(problem.toString()).startsWith("Cannot ").contains(message));
    }

    @Test
    void allProblemsAreToldAtOnce() throws IOException {
        assertThat(problems(
                        "",
                        "masks: {id: redact, created: hash}\n    rules: [{rule: range, column: a}, {rule: range, column: b}]",
                        Map.of("MILLRACE_MASKING_KEY", "too short")))
                .extracting(Problem::toString)
                .anyMatch(text -> text.contains("fewer than 32 characters"))
                .anyMatch(text -> text.contains("Cannot mask key column id with redact"))
                .anyMatch(text -> text.contains("Cannot partition by day(created)"))
                .filteredOn(text -> text.contains("needs min, max or both"))
                .hasSize(2);
    }

    private List<Problem> problems(String top, String quality, Map<String, String> environment) throws IOException {
        return Objects.requireNonNull(
                        catchThrowableOfType(PipelineProblems.class, () -> read(top, quality, environment)))
                .problems();
    }

    private Pipeline read(String top, String quality, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(file, FILE.formatted(top, quality));
        return PipelineFile.read(file, null, environment);
    }
}
