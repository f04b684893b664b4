package io.millrace.capture.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.preflight.ColumnChecks.Kind;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.pipeline.Bound;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ColumnChecksTest {
    private static final Rule.Action ACTION = Rule.Action.DEAD_LETTER;
    private static final Bound NUMBER = Objects.requireNonNull(Bound.parse("1"));
    private static final Bound DAY = Objects.requireNonNull(Bound.parse("2024-02-29"));

    @Test
    void columnsThatAreNotThereAreNamedWithTheirKeys() {
        assertThat(problems(Map.of("Name", Mask.HASH), new Rule.Required("nmae", ACTION)))
                .containsExactly(
                        "Cannot mask column of tables[3].masks.Name: table public.item has no column Name. It has name,"
                                + " price, made, tags, odd; names are case-sensitive",
                        "Cannot check rule tables[3].rules[0] (required): table public.item has no column nmae. It has"
                                + " name, price, made, tags, odd; names are case-sensitive");
    }

    @Test
    void typesThatARuleCannotLookAtAreNamed() {
        assertThat(problems(
                        Map.of(),
                        new Rule.Range("name", NUMBER, null, ACTION),
                        new Rule.Range("price", null, DAY, ACTION),
                        new Rule.Matches("tags", "x", ACTION)))
                .hasSize(3)
                .allMatch(problem -> problem.startsWith("Cannot check rule tables[3].rules["))
                .anyMatch(problem -> problem.contains("it needs numbers"))
                .anyMatch(problem -> problem.contains("it needs dates or timestamps"))
                .anyMatch(problem -> problem.contains("it needs no array"));
    }

    @Test
    void whatFitsOrIsNotKnownPasses() {
        assertThat(problems(
                        Map.of("name", Mask.HASH),
                        new Rule.Range("price", NUMBER, null, ACTION),
                        new Rule.Range("made", DAY, null, ACTION),
                        new Rule.Range("odd", NUMBER, null, ACTION),
                        new Rule.Matches("price", "x", ACTION),
                        new Rule.MaxLength("tags", 3, ACTION)))
                .isEmpty();
    }

    @Test
    void declaredTypesAreTheOnesThatRulesLookAt() {
        Map<String, DeclaredType> declared =
                Map.of("name", new DeclaredType(new ColumnType.Decimal(38, 10), DeclaredType.Spelling.PLAIN));

        assertThat(problems(declared, Map.of(), new Rule.Range("name", NUMBER, null, ACTION)))
                .isEmpty();
    }

    private static List<String> problems(Map<String, Mask> masks, Rule... rules) {
        return problems(Map.of(), masks, rules);
    }

    private static List<String> problems(Map<String, DeclaredType> declared, Map<String, Mask> masks, Rule... rules) {
        TableRoute route = new TableRoute(
                new TableId("shop", "public", "item"),
                List.of("name"),
                declared,
                null,
                null,
                Map.of(),
                new Quality(masks, List.of(rules), "tables[3]"));
        return ColumnChecks.problems(
                route,
                List.of("name", "price", "made", "tags", "odd"),
                Map.of("name", Kind.OTHER, "price", Kind.NUMBER, "made", Kind.MOMENT, "tags", Kind.ARRAY));
    }
}
