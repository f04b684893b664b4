package io.millrace.batch.raw.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.batch.raw.csv.FileLayout;
import io.millrace.batch.raw.infer.ColumnPlan.Readable;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.LandingZone;
import io.millrace.schemas.pipeline.LandingZone.Format;
import io.millrace.schemas.pipeline.LandingZone.Mode;
import io.millrace.schemas.pipeline.LandingZone.OperationColumn;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ColumnPlanTest {
    private static final Format NAMED = new Format(true, OperationColumn.CHANGES, null, ',', '"', "NULL");
    private static final Format PLACED = new Format(false, OperationColumn.CHANGES, null, ',', '"', "NULL");
    private static final TableColumn ID = new TableColumn("id", Primitive.INT64);
    private static final TableColumn AMOUNT = new TableColumn("amount", new ColumnType.Decimal(9, 2));

    @Test
    void missingTableIsProposedAndMadeWhenApproved() {
        List<Readable> files = List.of(named("a.csv", "Op", "id", "Amount"));
        Map<String, TypeEvidence> evidence = Map.of("id", of("1"), "amount", of("1.50"));

        ColumnPlan plan = ColumnPlan.of(zone(NAMED), null, files, evidence, false);
        ColumnPlan approved = ColumnPlan.of(zone(NAMED), null, files, evidence, true);

        assertThat(plan.changes()).isEmpty();
        assertThat(plan.proposals())
                .extracting(change -> change.ddl("raw.orders"))
                .containsExactly("CREATE TABLE raw.orders (id bigint, amount decimal(9,2)) USING iceberg");
        assertThat(plan.waiting()).containsKey("a.csv");
        assertThat(approved.columns()).containsExactly(ID, AMOUNT);
        assertThat(approved.changes()).isEqualTo(plan.proposals());
        assertThat(approved.waiting()).isEmpty();
    }

    @Test
    void onlyFilesWithUnknownColumnsWait() {
        ColumnPlan plan = ColumnPlan.of(
                zone(NAMED),
                List.of(ID, AMOUNT),
                List.of(named("a.csv", "amount", "id"), named("b.csv", "id", "amount", "note")),
                Map.of("note", of("hello")),
                false);

        assertThat(plan.waiting()).containsOnly(Map.entry("b.csv", "its column note is not known"));
        assertThat(plan.proposals())
                .extracting(change -> change.ddl("raw.orders"))
                .containsExactly("ALTER TABLE raw.orders ADD COLUMN note string");
    }

    @Test
    void declaredColumnsNeedNoApproval() {
        ColumnPlan plan = ColumnPlan.of(
                zone(NAMED, "id", "int64", "amount", "decimal(18,2)", "note", "string"),
                List.of(ID, AMOUNT),
                List.of(named("b.csv", "id", "amount", "note")),
                Map.of("amount", of("123456789012345678.50")),
                false);

        assertThat(plan.waiting()).isEmpty();
        assertThat(plan.proposals()).isEmpty();
        assertThat(plan.changes())
                .extracting(change -> change.ddl("t"))
                .containsExactly(
                        "ALTER TABLE t ALTER COLUMN amount TYPE decimal(18,2)", "ALTER TABLE t ADD COLUMN note string");
    }

    @Test
    void filesWithValuesThatAreTooWideWaitForTheColumnToGrow() {
        ColumnPlan plan = ColumnPlan.of(
                zone(NAMED),
                List.of(ID, AMOUNT),
                List.of(named("a.csv", "id", "amount"), named("b.csv", "id")),
                Map.of("amount", of("12345678.50")),
                false);

        assertThat(plan.waiting()).containsOnlyKeys("a.csv");
        assertThat(plan.proposals())
                .containsExactly(new ColumnChange.Widen(new TableColumn("amount", new ColumnType.Decimal(18, 2))));
    }

    @Test
    void filesWithoutHeaderGrowAtTheEndAndShrinkOnlyBackwardsInTime() {
        Format format = PLACED;
        ColumnPlan plan = ColumnPlan.of(
                zone(format),
                List.of(ID, AMOUNT),
                List.of(
                        new Readable("old.csv", FileLayout.positional(format, false, 2), 0),
                        new Readable("now.csv", FileLayout.positional(format, false, 3), 1),
                        new Readable("wide.csv", FileLayout.positional(format, false, 4), 2),
                        new Readable("shrunk.csv", FileLayout.positional(format, false, 2), 3)),
                Map.of(ColumnPlan.placeId(2), of("2024-02-29")),
                false);

        assertThat(plan.waiting()).containsOnlyKeys("wide.csv", "shrunk.csv");
        assertThat(plan.proposals()).containsExactly(new ColumnChange.Add(new TableColumn("column_3", Primitive.DATE)));
    }

    @Test
    void fileWithoutKeyColumnWaits() {
        assertThat(ColumnPlan.of(zone(NAMED), List.of(ID, AMOUNT), List.of(named("a.csv", "amount")), Map.of(), true)
                        .waiting())
                .containsOnly(Map.entry("a.csv", "it has no key column id"));
    }

    @Test
    void declarationThatContradictsTheTableIsRefused() {
        assertThatThrownBy(() -> ColumnPlan.of(zone(NAMED, "id", "string"), List.of(ID), List.of(), Map.of(), false))
                .hasMessageContaining("Cannot load into column id of raw.orders as string: it is int64 there");
    }

    private static Readable named(String path, String... header) {
        return new Readable(path, FileLayout.named(NAMED, List.of(header)), 0);
    }

    private static TypeEvidence of(String value) {
        TypeEvidence evidence = new TypeEvidence();
        evidence.add(value);
        return evidence;
    }

    private static LandingZone zone(Format format, String... columns) {
        Map<String, DeclaredType> declared = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            declared.put(columns[i], Objects.requireNonNull(DeclaredType.parse(columns[i + 1])));
        }
        return new LandingZone(
                "orders",
                "/landing",
                null,
                "raw.orders",
                Mode.MERGE,
                List.of("id"),
                List.of(),
                format,
                Duration.ZERO,
                declared);
    }
}
