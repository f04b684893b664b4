package io.millrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.postgres.SourceFacts.Publication;
import io.millrace.capture.postgres.SourceFacts.Slot;
import io.millrace.capture.postgres.SourceFacts.Table;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceRulesTest {
    private static final TableRoute ITEM = route("item", "id");
    private static final Table SOUND = table(List.of("id"), List.of(Set.of("id")), Set.of("id"));

    @Test
    void soundDatabaseHasNoProblems() {
        assertThat(problems(facts("logical", true, 4, null, Map.of(ITEM.table(), SOUND)), ITEM))
                .isEmpty();
    }

    @Test
    void allProblemsAreReportedTogether() {
        assertThat(problems(facts("replica", false, 10, null, Map.of()), ITEM, route("other", "id")))
                .hasSize(5)
                .allMatch(problem -> problem.startsWith("Cannot ") && !problem.contains("\n"))
                .anyMatch(problem -> problem.contains("wal_level is replica"))
                .anyMatch(problem -> problem.contains("ALTER ROLE \"app\" REPLICATION"))
                .anyMatch(problem -> problem.contains("max_replication_slots"))
                .anyMatch(problem -> problem.startsWith("Cannot find table: public.item."))
                .anyMatch(problem -> problem.startsWith("Cannot find table: public.other."));
    }

    @Test
    void ownSlotNeedsNoFreeOne() {
        assertThat(problems(facts("logical", true, 10, new Slot(0, 1, false), Map.of(ITEM.table(), SOUND)), ITEM))
                .isEmpty();
    }

    @Test
    void tableWithoutPrimaryKeyIsNamed() {
        assertThat(only(table(List.of(), List.of(), Set.of()), ITEM))
                .startsWith("Cannot capture table without a primary key: public.item.")
                .contains("ADD PRIMARY KEY (id)");
    }

    @Test
    void missingKeyColumnIsNamedWithThoseThatExist() {
        assertThat(only(SOUND, route("item", "item_id")))
                .startsWith("Cannot find key column of table public.item: item_id.")
                .contains("id, code, note");
    }

    @Test
    void keyThatIdentifiesNoRowIsRefused() {
        assertThat(only(SOUND, route("item", "code")))
                .contains("No unique index")
                .contains("use the primary key: id");
    }

    @Test
    void keyColumnThatMayBeNullIsRefused() {
        Table table = table(List.of("id"), List.of(Set.of("id"), Set.of("note")), Set.of("id"));
        assertThat(only(table, route("item", "note"))).contains("may be null: note");
    }

    @Test
    void keyOutsideOfTheReplicaIdentityIsRefused() {
        Table table = table(List.of("id"), List.of(Set.of("id"), Set.of("code")), Set.of("id"));
        assertThat(only(table, route("item", "code"))).contains("REPLICA IDENTITY FULL");
    }

    @Test
    void uniqueKeyInsideOfTheReplicaIdentityIsFine() {
        Table table = table(List.of(), List.of(Set.of("code")), Set.of("id", "code", "note"));
        assertThat(problems(facts("logical", true, 1, null, Map.of(ITEM.table(), table)), route("item", "code")))
                .isEmpty();
    }

    @Test
    void viewIsRefused() {
        Table view = new Table(
                false,
                false,
                false,
                true,
                true,
                Map.of("id", true),
                Set.of(),
                List.of(),
                List.of(),
                Set.of(),
                Map.of());
        assertThat(only(view, ITEM)).contains("view");
    }

    @Test
    void tableWithHeirsWhoseNameDebeziumCannotReadIsRefused() {
        TableRoute odd = route("odd-item", "id");
        Table parent = new Table(
                true,
                false,
                true,
                true,
                true,
                Map.of("id", true),
                Set.of(),
                List.of("id"),
                List.of(Set.of("id")),
                Set.of("id"),
                Map.of());

        assertThat(problems(facts("logical", true, 1, null, Map.of(odd.table(), parent)), odd))
                .singleElement()
                .asString()
                .contains("other tables inherit from it");
        assertThat(problems(facts("logical", true, 1, null, Map.of(ITEM.table(), parent)), ITEM))
                .isEmpty();
    }

    @Test
    void tablesOfSomebodyElseNeedAPublicationFromTheirOwner() {
        Table foreign = new Table(
                true,
                false,
                false,
                false,
                true,
                Map.of("id", true),
                Set.of(),
                List.of("id"),
                List.of(Set.of("id")),
                Set.of("id"),
                Map.of());
        assertThat(only(foreign, ITEM)).contains("CREATE PUBLICATION slot FOR TABLE ONLY public.item");
        SourceFacts prepared = new SourceFacts(
                "app",
                "logical",
                true,
                false,
                10,
                1,
                null,
                new Publication(false, false, false, Set.of(ITEM.table())),
                Map.of(ITEM.table(), foreign));
        assertThat(SourceRules.problems(prepared, List.of(ITEM), "slot")).isEmpty();
    }

    private static String only(Table table, TableRoute route) {
        List<String> problems = problems(facts("logical", true, 1, null, Map.of(ITEM.table(), table)), route);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private static List<String> problems(SourceFacts facts, TableRoute... routes) {
        return SourceRules.problems(facts, List.of(routes), "slot");
    }

    private static SourceFacts facts(
            String walLevel, boolean mayReplicate, int slots, @Nullable Slot slot, Map<TableId, Table> tables) {
        return new SourceFacts("app", walLevel, mayReplicate, true, 10, slots, slot, null, tables);
    }

    private static Table table(List<String> primaryKey, List<Set<String>> uniqueKeys, Set<String> identity) {
        Map<String, Boolean> columns = new LinkedHashMap<>();
        columns.put("id", true);
        columns.put("code", true);
        columns.put("note", false);
        return new Table(true, false, false, true, true, columns, Set.of(), primaryKey, uniqueKeys, identity, Map.of());
    }

    private static TableRoute route(String table, String... key) {
        return new TableRoute(new TableId("shop", "public", table), List.of(key), null, null);
    }
}
