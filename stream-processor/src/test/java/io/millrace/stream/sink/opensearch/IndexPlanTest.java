package io.millrace.stream.sink.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.RowSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an index needs for rows of a schema, and where it keeps their columns. */
class IndexPlanTest {

    @Test
    void onlyColumnsThatAreMissingAreAdded() throws Exception {
        IndexPlan plan = plan("{'id': {'type': 'long'}}", Map.of(), "id", Primitive.INT64, "added", Primitive.BOOLEAN);

        assertThat(plan.refusal()).isNull();
        assertThat(plan.missing()).hasToString("{\"added\":{\"type\":\"boolean\"}}");
        assertThat(plan.fields()).isEmpty();
    }

    @Test
    void renamedColumnStaysInItsFieldAndItsNewNameIsAnAlias() throws Exception {
        String before = "{'a': {'type': 'text'}}";
        IndexPlan plan = plan(before, Map.of("b", "a"), "b", Primitive.STRING);

        assertThat(plan.missing()).hasToString("{\"b\":{\"type\":\"alias\",\"path\":\"a\"}}");
        assertThat(plan.fields()).isEqualTo(Map.of("b", "a"));

        String after = "{'a': {'type': 'text'}, 'b': {'type': 'alias', 'path': 'a'}}";
        assertThat(plan(after, Map.of("b", "a"), "b", Primitive.STRING).missing())
                .isEmpty();
        assertThat(plan(after, Map.of("b", "a"), "b", Primitive.STRING).fields())
                .isEqualTo(Map.of("b", "a"));
        assertThat(plan(after, Map.of("b", "a"), "a", Primitive.STRING).fields())
                .isEmpty();
        assertThat(plan(after, Map.of("c", "b", "b", "a"), "c", Primitive.STRING)
                        .fields())
                .isEqualTo(Map.of("c", "a"));
    }

    @Test
    void lateRowFromBeforeTheRenameGoesIntoTheFieldOfTheNewName() throws Exception {
        IndexPlan plan = plan("{'b': {'type': 'text'}}", Map.of("b", "a"), "a", Primitive.STRING);

        assertThat(plan.missing()).isEmpty();
        assertThat(plan.fields()).isEqualTo(Map.of("a", "b"));
    }

    @Test
    void namesThatAnIndexWouldReadAsItsOwnAreSpelledOut() throws Exception {
        IndexPlan plan = plan(
                "{}",
                Map.of(),
                "_id",
                Primitive.INT64,
                "a.b",
                Primitive.INT64,
                "a",
                Primitive.INT64,
                "__op",
                Primitive.INT64);

        assertThat(plan.refusal()).isNull();
        assertThat(plan.missing().fieldNames()).toIterable().containsExactly("_u005fid", "a_u002eb", "a", "__op");
        assertThat(plan.fields()).isEqualTo(Map.of("_id", "_u005fid", "a.b", "a_u002eb"));
    }

    @Test
    void renamedColumnStaysInItsFieldWhateverTheNames() throws Exception {
        IndexPlan plan = plan("{'_u005fid': {'type': 'long'}}", Map.of("new.id", "_id"), "new.id", Primitive.INT64);

        assertThat(plan.missing()).hasToString("{\"new_u002eid\":{\"type\":\"alias\",\"path\":\"_u005fid\"}}");
        assertThat(plan.fields()).isEqualTo(Map.of("new.id", "_u005fid"));
    }

    @Test
    void withoutAHintTheNewNameIsAnotherField() throws Exception {
        IndexPlan plan = plan("{'a': {'type': 'text'}}", Map.of(), "b", Primitive.BOOLEAN);

        assertThat(plan.missing()).hasToString("{\"b\":{\"type\":\"boolean\"}}");
        assertThat(plan.fields()).isEmpty();
    }

    @Test
    void aNameThatStillStandsForAnotherColumnIsRefused() throws Exception {
        IndexPlan plan = plan(
                "{'a': {'type': 'text'}, 'b': {'type': 'alias', 'path': 'a'}}",
                Map.of("b", "a"),
                "b",
                Primitive.STRING,
                "a",
                Primitive.STRING);

        assertThat(plan.refusal()).contains("Cannot index column a");
    }

    @ParameterizedTest
    @CsvSource({
        "integer, INT64, true",
        "long, INT32, true",
        "float, FLOAT64, true",
        "double, FLOAT32, true",
        "text, UUID, true",
        "keyword, STRING, true",
        "text, INT32, false",
        "long, STRING, false",
        "long, FLOAT64, false",
        "double, INT64, false",
        "boolean, STRING, false",
        "long, TIMESTAMP, false",
        "text, BYTES, false"
    })
    void aTypeFitsWhereSearchesMeanTheSame(String has, Primitive needs, boolean fits) throws Exception {
        IndexPlan plan = plan("{'a': {'type': '" + has + "'}}", Map.of(), "a", needs);

        assertThat(plan.refusal() == null).isEqualTo(fits);
    }

    @Test
    void aDecimalNeverChangesItsFieldWhateverItsDigits() throws Exception {
        assertThat(plan("{'a': {'type': 'double'}}", Map.of(), "a", new Decimal(30, 4))
                        .refusal())
                .isNull();
    }

    @Test
    void dateAndTimestampHaveFieldsOfTheirOwn() throws Exception {
        assertThat(plan("{'a': {'type': 'date', 'format': 'strict_date'}}", Map.of(), "a", Primitive.DATE)
                        .refusal())
                .isNull();
        assertThat(plan("{'a': {'type': 'date', 'format': 'strict_date'}}", Map.of(), "a", Primitive.TIMESTAMP)
                        .refusal())
                .contains("Cannot index column a");
    }

    private static IndexPlan plan(String properties, Map<String, String> renames, Object... namesAndTypes)
            throws JsonProcessingException {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            columns.add(new Column((String) namesAndTypes[i], (ColumnType) namesAndTypes[i + 1], true));
        }
        return IndexPlan.of(
                new ObjectMapper()
                        .readTree(("{'orders': {'mappings': {'properties': " + properties + "}}}").replace('\'', '"')),
                new RowSchema(columns),
                renames);
    }
}
