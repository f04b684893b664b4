package io.millrace.stream.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.pipeline.Bound;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.Rule.Action;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableRulesTest {
    private static final Action REFUSE = Action.DEAD_LETTER;

    @Test
    void onlyRequiredAndReferencesMindNull() {
        assertThat(breaks(new Rule.Required("c", REFUSE), Primitive.INT32, null))
                .isTrue();
        assertThat(breaks(new Rule.References("c", "public.t", REFUSE), Primitive.INT32, null))
                .isTrue();
        assertThat(breaks(range("0", "1"), Primitive.INT32, null)).isFalse();
        assertThat(breaks(new Rule.Matches("c", "a", REFUSE), Primitive.STRING, null))
                .isFalse();
        assertThat(breaks(new Rule.OneOf("c", List.of("a"), REFUSE), Primitive.STRING, null))
                .isFalse();
        assertThat(breaks(new Rule.MaxLength("c", 0, REFUSE), Primitive.STRING, null))
                .isFalse();
    }

    @Test
    void aReferenceIsNotBlank() {
        assertThat(breaks(new Rule.References("c", "public.t", REFUSE), Primitive.STRING, " "))
                .isTrue();
        assertThat(breaks(new Rule.References("c", "public.t", REFUSE), Primitive.STRING, "x"))
                .isFalse();
    }

    @Test
    void bothEndsBelongToARange() {
        assertThat(breaks(range("0", "10"), Primitive.INT64, 0L)).isFalse();
        assertThat(breaks(range("0", "10"), Primitive.INT64, 10L)).isFalse();
        assertThat(breaks(range("0", "10"), Primitive.INT64, 11L)).isTrue();
        assertThat(breaks(range("0", "0.1"), Primitive.FLOAT64, 0.1)).isFalse();
        assertThat(breaks(range("0", "0.1"), new Decimal(9, 2), new BigDecimal("0.11")))
                .isTrue();
        assertThat(breaks(range("0", null), Primitive.FLOAT64, Double.POSITIVE_INFINITY))
                .isFalse();
        assertThat(breaks(range("0", "1"), Primitive.FLOAT64, Double.POSITIVE_INFINITY))
                .isTrue();
        assertThat(breaks(range("0", null), Primitive.FLOAT32, Float.NaN)).isTrue();
    }

    @Test
    void aRangeOfDatesTakesDatesAndTimestamps() {
        assertThat(breaks(range("1970-01-02", "1970-01-03"), Primitive.DATE, 1)).isFalse();
        assertThat(breaks(range("1970-01-02", null), Primitive.DATE, 0)).isTrue();
        assertThat(breaks(range("1970-01-01T00:00:01Z", null), Primitive.TIMESTAMP_TZ, 999_999L))
                .isTrue();
        assertThat(breaks(range("1970-01-01T01:00:01+01:00", null), Primitive.TIMESTAMP_TZ, 1_000_000L))
                .isFalse();
    }

    @Test
    void aPatternIsForTheWholeText() {
        assertThat(breaks(new Rule.Matches("c", "[a-z]+", REFUSE), Primitive.STRING, "abc"))
                .isFalse();
        assertThat(breaks(new Rule.Matches("c", "[a-z]+", REFUSE), Primitive.STRING, "abc1"))
                .isTrue();
        assertThat(breaks(new Rule.Matches("c", "[0-9]{3}", REFUSE), Primitive.INT32, 123))
                .isFalse();
    }

    @Test
    void noPatternHangs() {
        Rule.OfColumn catastrophic = new Rule.Matches("c", "(a+)+b", REFUSE);

        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(breaks(catastrophic, Primitive.STRING, "a".repeat(50_000)))
                        .isTrue());
    }

    @Test
    void lengthsAreCountedInCharacters() {
        assertThat(breaks(new Rule.MaxLength("c", 2, REFUSE), Primitive.STRING, "😀😀"))
                .isFalse();
        assertThat(breaks(new Rule.MaxLength("c", 1, REFUSE), Primitive.STRING, "😀😀"))
                .isTrue();
        assertThat(breaks(new Rule.MaxLength("c", 1, REFUSE), Primitive.BYTES, ByteBuffer.wrap(new byte[2])))
                .isTrue();
        assertThat(breaks(new Rule.MaxLength("c", 1, REFUSE), new ColumnType.Array(Primitive.INT32), List.of(1, 2)))
                .isTrue();
    }

    @Test
    void aValueThatWasLeftOutKeepsEveryRule() {
        assertThat(breaks(new Rule.Required("c", REFUSE), Primitive.STRING, Unavailable.INSTANCE))
                .isFalse();
    }

    @Test
    void aReasonNamesRuleColumnAndClassButNeverTheValue() {
        List<Violation> violations = rules(new Rule.Matches("mail", ".*@.*", REFUSE))
                .violations(row("mail", Primitive.STRING, "x".repeat(300)));

        assertThat(violations)
                .singleElement()
                .extracting(Violation::reason)
                .isEqualTo(
                        "Cannot accept value of column mail: it breaks rule pattern, as it is a text of 300 characters");
    }

    @Test
    void aRuleThatDoesNotFitTheRowsIsToldAndLetsThemPass() {
        TableRules rules = rules(range("0", "1"), new Rule.Required("gone", REFUSE));
        Row row = row("c", Primitive.STRING, "text");

        assertThat(rules.violations(row)).isEmpty();
        assertThat(rules.problems(row.schema()))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("column c is of type STRING"))
                .anyMatch(problem -> problem.contains("no column gone"));
    }

    private static Rule.OfColumn range(@Nullable String min, @Nullable String max) {
        return new Rule.Range(
                "c", min == null ? null : Bound.parse(min), max == null ? null : Bound.parse(max), REFUSE);
    }

    private static boolean breaks(Rule.OfColumn rule, ColumnType type, @Nullable Object value) {
        return !rules(rule).violations(row("c", type, value)).isEmpty();
    }

    private static TableRules rules(Rule.OfColumn... rules) {
        return new TableRules(List.of(rules));
    }

    private static Row row(String column, ColumnType type, @Nullable Object value) {
        return new Row(new RowSchema(List.of(new Column(column, type, true))), new Object[] {value});
    }
}
