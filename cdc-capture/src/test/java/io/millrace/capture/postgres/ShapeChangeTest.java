package io.millrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.offset.TableShape;
import io.millrace.capture.offset.TableShape.Column;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the rows of a table must be read again because its shape has changed. */
class ShapeChangeTest {
    private static final Column ID = new Column(1, "id", "integer", false);
    private static final TableRoute ROUTE = route(Map.of());
    private static final TableShape BEFORE = shape(ID, new Column(2, "name", "text", false));

    @Test
    void tableThatNobodyHasReadIsRead() {
        assertThat(ShapeChange.reason(null, BEFORE, ROUTE)).contains("it is new");
    }

    @Test
    void tableThatWasMadeAgainIsReadAgain() {
        assertThat(ShapeChange.reason(BEFORE, new TableShape(8, BEFORE.columns(), List.of(), 0, Set.of()), ROUTE))
                .isPresent();
    }

    @Test
    void sameShapeIsNot() {
        assertThat(ShapeChange.reason(BEFORE, BEFORE, ROUTE)).isEmpty();
    }

    @Test
    void addedColumnIsReadIfRowsHaveAValueInIt() {
        assertThat(ShapeChange.reason(BEFORE, with(new Column(3, "extra", "integer", false)), ROUTE))
                .isEmpty();
        assertThat(ShapeChange.reason(BEFORE, with(new Column(3, "extra", "integer", true)), ROUTE))
                .contains("column extra was added with a value for all rows");
    }

    @Test
    void droppedColumnIsNotReadButItsReturnIs() {
        TableShape dropped = shape(ID).after(BEFORE);
        TableShape back = shape(ID, new Column(3, "name", "text", false));

        assertThat(ShapeChange.reason(BEFORE, dropped, ROUTE)).isEmpty();
        assertThat(ShapeChange.reason(dropped, back, ROUTE)).contains("column name was dropped and added again");
        assertThat(ShapeChange.reason(BEFORE, back, ROUTE)).contains("column name was dropped and added again");
    }

    @Test
    void renamedColumnIsReadUnlessTheTargetsRenameItAsWell() {
        TableShape renamed = shape(ID, new Column(2, "title", "text", false));

        assertThat(ShapeChange.reason(BEFORE, renamed, ROUTE)).contains("column name was renamed to title");
        assertThat(ShapeChange.reason(BEFORE, renamed, route(Map.of("title", "name"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "integer; bigint; false",
                "smallint; integer; false",
                "numeric(10,2); numeric(12,2); false",
                "numeric(10,2); numeric(12,4); true",
                "character varying(10); character varying(20); false",
                "character varying(20); character varying(10); true",
                "character varying(10); text; false",
                "real; double precision; true",
                "text; integer; true",
                "bigint; integer; true",
                "timestamp without time zone; timestamp with time zone; true"
            })
    void changedTypeIsReadUnlessAllValuesLookTheSame(String before, String now, boolean read) {
        assertThat(ShapeChange.reason(
                                shape(new Column(1, "v", before, false)), shape(new Column(1, "v", now, false)), ROUTE)
                        .isPresent())
                .isEqualTo(read);
    }

    @Test
    void tableWhoseKeyIsTheRoutesAgainIsRead() {
        TableShape other = keyed(22, "name");

        assertThat(ShapeChange.reason(BEFORE, other, ROUTE)).isEmpty();
        assertThat(ShapeChange.reason(other, BEFORE, ROUTE))
                .contains("its key is now (id), and was another one before");
    }

    @Test
    void tableWhoseKeyMayHaveBeenAnotherOneBetweenTwoLooksIsRead() {
        assertThat(ShapeChange.reason(keyed(21, "id"), keyed(22, "id"), ROUTE))
                .contains("its key is now (id), and was another one before");
        assertThat(ShapeChange.reason(keyed(21, "name"), keyed(22, "name"), ROUTE))
                .as("no row of it flows")
                .isEmpty();
        assertThat(ShapeChange.reason(keyed(0, "id"), keyed(22, "id"), ROUTE))
                .as("an earlier release did not remember the key's number")
                .isEmpty();
    }

    @Test
    void columnThatWasAnotherOneBetweenTwoLooksIsRead() {
        assertThat(ShapeChange.reason(entry("nullable", 100), entry("nullable", 101), ROUTE))
                .contains("column id was changed and changed back");
        assertThat(ShapeChange.reason(entry("nullable", 100), entry("not null", 101), ROUTE))
                .as("what was changed is still to be seen")
                .isEmpty();
        assertThat(ShapeChange.reason(BEFORE, entry("nullable", 101), ROUTE))
                .as("an earlier release did not remember the entry")
                .isEmpty();
    }

    private static TableShape entry(String entry, long version) {
        return shape(new Column(1, "id", "integer", false, entry, version));
    }

    private static TableShape keyed(long keyOid, String column) {
        return new TableShape(7, BEFORE.columns(), List.of(column), keyOid, Set.of());
    }

    private static TableRoute route(Map<String, String> renames) {
        return new TableRoute(
                new TableId("shop", "public", "items"), List.of("id"), Map.of(), null, null, renames, Quality.NONE);
    }

    private static TableShape with(Column column) {
        return shape(ID, BEFORE.columns().get(1), column);
    }

    private static TableShape shape(Column... columns) {
        return new TableShape(7, List.of(columns), List.of("id"), 21, Set.of());
    }
}
