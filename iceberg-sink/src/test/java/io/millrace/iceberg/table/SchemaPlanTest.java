package io.millrace.iceberg.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** What a table's schema needs, compared with what its changes have. */
class SchemaPlanTest {
    private static final Type INT = Types.IntegerType.get();
    private static final Type TEXT = Types.StringType.get();

    @Test
    void renamedColumnIsRenamedAndNotAdded() {
        assertThat(plan(columns("a", INT), columns("b", INT), Map.of("b", "a")))
                .isEqualTo(new SchemaPlan.Evolve(List.of(new SchemaPlan.Rename("a", "b"))));
    }

    @Test
    void withoutAHintTheNewNameIsAnotherColumn() {
        assertThat(plan(columns("a", INT), columns("b", INT), Map.of()))
                .isEqualTo(new SchemaPlan.Evolve(List.of(new SchemaPlan.AddColumn("b", INT))));
    }

    @Test
    void lateChangeWithTheFormerNameFitsTheRenamedColumn() {
        assertThat(plan(columns("b", INT), columns("a", INT), Map.of("b", "a"))).isEqualTo(new SchemaPlan.Fits());
    }

    @Test
    void hintThatComesAfterTheNewColumnWasAddedRenamesNothing() {
        assertThat(plan(columns("a", INT, "b", INT), columns("b", INT), Map.of("b", "a")))
                .isEqualTo(new SchemaPlan.Fits());
    }

    @Test
    void formerNameGivenToAnotherColumnIsAddedAfterTheRename() {
        Map<String, String> renames = Map.of("b", "a");
        Schema change = columns("b", INT, "a", TEXT);

        assertThat(plan(columns("a", INT), change, renames))
                .isEqualTo(new SchemaPlan.Evolve(List.of(new SchemaPlan.Rename("a", "b"))));
        assertThat(plan(columns("b", INT), change, renames))
                .isEqualTo(new SchemaPlan.Evolve(List.of(new SchemaPlan.AddColumn("a", TEXT))));
        assertThat(plan(columns("b", INT, "a", TEXT), change, renames)).isEqualTo(new SchemaPlan.Fits());
    }

    @Test
    void renamesInSeveralStepsAreFollowedFromWhereTheTableStands() {
        Map<String, String> renames = Map.of("c", "b", "b", "a");

        assertThat(plan(columns("a", INT), columns("c", INT), renames))
                .isEqualTo(new SchemaPlan.Evolve(List.of(new SchemaPlan.Rename("a", "c"))));
        assertThat(plan(columns("c", INT), columns("a", INT), renames)).isEqualTo(new SchemaPlan.Fits());
    }

    @Test
    void renamedColumnMayBeWiderAsWell() {
        assertThat(plan(columns("b", INT), columns("b", Types.LongType.get()), Map.of("b", "a")))
                .isEqualTo(new SchemaPlan.Evolve(List.of(new SchemaPlan.Widen("b", Types.LongType.get()))));
    }

    @Test
    void renamedColumnOfAnotherTypeIsIncompatible() {
        assertThat(plan(columns("a", INT), columns("b", TEXT), Map.of("b", "a")))
                .isInstanceOf(SchemaPlan.Incompatible.class);
    }

    private static SchemaPlan plan(Schema table, Schema change, Map<String, String> renames) {
        return SchemaPlan.of(table, change, Set.of("id"), renames);
    }

    private static Schema columns(Object... namesAndTypes) {
        List<Types.NestedField> fields = new ArrayList<>();
        fields.add(Types.NestedField.required(1, "id", Types.LongType.get()));
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            fields.add(Types.NestedField.optional(i + 2, (String) namesAndTypes[i], (Type) namesAndTypes[i + 1]));
        }
        return new Schema(fields);
    }
}
