package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.reconcile.SourceType.Scalar;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableComparisonTest {
    private static final ComparedTable TABLE = new ComparedTable(
            new TableRoute(new TableId("shop", "public", "parcels"), List.of("id"), null, null),
            List.of(new SourceColumn("id", Scalar.INTEGER), new SourceColumn("name", Scalar.TEXT)));

    private final Side source = new Side();
    private final Side target = new Side();
    private final FakeTime time = new FakeTime();

    @Test
    void equalTablesHaveNoDifference() {
        for (int i = 0; i < 5_000; i++) {
            source.put(Integer.toString(i), "n" + i);
            target.put(Integer.toString(i), "n" + i);
        }

        TargetResult result = compare();

        assertThat(result.mismatches()).isZero();
        assertThat(result.sourceRows()).isEqualTo(5_000);
        assertThat(result.targetRows()).isEqualTo(5_000);
        assertThat(time.pauses).isZero();
    }

    @Test
    void rowThatTheTargetLacksIsMissing() {
        source.put("1", "a");

        assertThat(compare().differences())
                .containsExactly(new Difference(Difference.Kind.MISSING, List.of("1"), List.of()));
    }

    @Test
    void rowThatTheSourceLacksIsExtra() {
        target.put("1", "a");

        assertThat(compare().differences())
                .containsExactly(new Difference(Difference.Kind.EXTRA, List.of("1"), List.of()));
    }

    @Test
    void changedRowNamesItsColumns() {
        source.put("1", null);
        target.put("1", "");

        assertThat(compare().differences())
                .containsExactly(new Difference(Difference.Kind.CHANGED, List.of("1"), List.of("name")));
    }

    @Test
    void rowThatTheTargetHasTwiceIsADuplicate() {
        source.put("1", "a");
        target.put("1", "a");
        target.put("1", "a");

        assertThat(compare().differences())
                .containsExactly(new Difference(Difference.Kind.DUPLICATE, List.of("1"), List.of()));
    }

    @Test
    void changeUnderWayIsWaitedFor() {
        source.put("1", "new");
        target.put("1", "old");
        time.onPause(3, () -> target.replace("1", "new"));

        assertThat(compare().mismatches()).isZero();
        assertThat(time.pauses).isEqualTo(3);
    }

    @Test
    void rowsAreCountedAsTheyAreInTheEnd() {
        source.put("1", "a");
        time.onPause(2, () -> target.put("1", "a"));

        TargetResult result = compare();

        assertThat(result.sourceRows()).isEqualTo(1);
        assertThat(result.targetRows()).isEqualTo(1);
    }

    @Test
    void rowThatChangesFasterThanTheTargetFollowsIsSettledWhenItFollows() {
        source.put("1", "v1");
        target.put("1", "v0");
        time.onPause(1, () -> source.replace("1", "v2"));
        time.onPause(2, () -> {
            source.replace("1", "v3");
            target.replace("1", "v2");
        });

        assertThat(compare().mismatches()).isZero();
    }

    @Test
    void lastChangeThatIsLostIsFoundAlthoughTheTargetHoldsAnEarlierVersion() {
        source.put("1", "v1");
        target.put("1", "v1");
        source.replace("1", "v2");

        assertThat(compare().count(Difference.Kind.CHANGED)).isEqualTo(1);
    }

    @Test
    void moreSuspectsThanFitAreCounted() {
        for (int i = 0; i < TableScan.MAX_SUSPECTS + 5; i++) {
            source.put(Integer.toString(i), "a");
        }

        TargetResult result = compare();

        assertThat(result.unchecked()).isEqualTo(5);
        assertThat(result.mismatches()).isEqualTo(TableScan.MAX_SUSPECTS + 5L);
    }

    @Test
    void checksumsFindTheSameDifferencesAndReadFewRows() {
        for (int i = 0; i < 20_000; i++) {
            source.put(Integer.toString(i), i % 3 == 0 ? null : "n" + i);
            target.put(Integer.toString(i), i % 3 == 0 ? null : "n" + i);
        }
        target.replace("17", "changed");
        target.replace("300", "");
        target.remove("4711");
        target.put("20000", "extra");
        target.put("99", "n99");

        TargetResult byChecksums = compare(new TableComparison.Method(1));

        assertThat(byChecksums.differences())
                .extracting(each -> each.kind() + " " + each.key().get(0))
                .containsExactlyInAnyOrder("CHANGED 17", "CHANGED 300", "MISSING 4711", "EXTRA 20000", "DUPLICATE 99");
        assertThat(byChecksums.differences())
                .containsExactlyInAnyOrderElementsOf(
                        compare(TableComparison.Method.FULL).differences());
        assertThat(byChecksums.rowsRead()).isPositive().isLessThan(5 * 1_000);
    }

    @Test
    void checksumsOfEqualTablesReadNoRows() {
        for (int i = 0; i < 5_000; i++) {
            source.put(Integer.toString(i), "n" + i);
            target.put(Integer.toString(i), "n" + i);
        }

        TargetResult result = compare(new TableComparison.Method(5_000));

        assertThat(result.mismatches()).isZero();
        assertThat(result.sourceRows()).isEqualTo(5_000);
        assertThat(result.targetRows()).isEqualTo(5_000);
        assertThat(result.rowsRead()).isZero();
    }

    @Test
    void rowUnderAnIdOfAnotherKeyIsFoundByChecksums() {
        for (int i = 0; i < 5_000; i++) {
            source.put(Integer.toString(i), "n" + i);
            target.put(Integer.toString(i), "n" + i);
        }
        target.remove("7");
        target.put("7", "8", "n8");

        assertThat(compare(new TableComparison.Method(1)).differences())
                .containsExactly(new Difference(Difference.Kind.CHANGED, List.of("7"), List.of("id", "name")));
    }

    @Test
    void changeUnderWayIsWaitedForBehindChecksums() {
        source.put("1", "new");
        target.put("1", "old");
        time.onPause(3, () -> target.replace("1", "new"));

        assertThat(compare(new TableComparison.Method(1)).mismatches()).isZero();
        assertThat(time.pauses).isEqualTo(3);
    }

    private TargetResult compare() {
        return compare(TableComparison.Method.FULL);
    }

    private TargetResult compare(TableComparison.Method method) {
        return new TableComparison(TABLE, source, method, Duration.ofSeconds(10), time)
                .compare(List.of(new TableComparison.Target("iceberg", "parcels", target)))
                .targets()
                .get(0);
    }

    /** Rows in memory. */
    private static final class Side implements RowsOfTable {
        private final List<ComparedRow> rows = new ArrayList<>();

        void put(String id, @Nullable String name) {
            put(id, id, name);
        }

        void put(String id, String key, @Nullable String name) {
            rows.add(new ComparedRow(id, Arrays.asList(key, name)));
        }

        void replace(String id, String name) {
            remove(id);
            put(id, name);
        }

        void remove(String id) {
            rows.removeIf(row -> row.id().equals(id));
        }

        @Override
        public TableView open() {
            List<ComparedRow> then = List.copyOf(rows);
            return new TableView() {
                @Override
                public long estimatedRows() {
                    return then.size();
                }

                @Override
                public void scan(BucketSet buckets, Consumer<ComparedRow> consumer) {
                    then.stream()
                            .filter(row -> buckets.has(buckets.buckets().of(TABLE.keyDigest(row))))
                            .forEach(consumer);
                }

                @Override
                public BucketChecksums checksums(Buckets buckets) {
                    BucketChecksums sums = new BucketChecksums(buckets);
                    then.forEach(row -> sums.add(TABLE.keyDigest(row), TABLE.digest(row)));
                    return sums;
                }

                @Override
                public String moment() {
                    return "now";
                }

                @Override
                public void close() {
                    // Memory needs no closing.
                }
            };
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        public Map<String, List<ComparedRow>> find(Map<String, List<String>> keysById) {
            return RowsOfTable.byId(
                    rows.stream().filter(row -> keysById.containsKey(row.id())).collect(Collectors.toList()));
        }
    }

    /** A clock that moves with the pauses. */
    private static final class FakeTime implements TableComparison.Waiting {
        private final Map<Integer, Runnable> happenings = new java.util.HashMap<>();
        private long nanos;
        private int pauses;

        void onPause(int number, Runnable happening) {
            happenings.put(number, happening);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void pause(Duration duration) {
            nanos += duration.toNanos();
            pauses++;
            happenings.getOrDefault(pauses, () -> {}).run();
        }
    }
}
