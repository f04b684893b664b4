package io.millrace.stream.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Sequencing;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.schemas.replay.RowReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SequencerTest {
    private static final TableId TABLE = new TableId("shop", "public", "orders");
    private static final RowKey KEY = RowKey.of(TABLE, List.of("1"));
    private static final RowSchema SCHEMA = new RowSchema(
            List.of(new Column("id", Primitive.INT64, false), new Column("notes", Primitive.STRING, true)));

    private final Sequencer sequencer = new Sequencer(
            new Sequencing(Duration.ofMinutes(10), Duration.ofDays(7)),
            new TableRoutes(List.of(new TableRoute(
                    TABLE, List.of("id"), Map.of(), null, null, Map.of("remarks", "notes"), Quality.NONE))));
    private final MapMemory memory = new MapMemory();

    @Test
    void olderChangeNeverOverwritesNewer() {
        offer(upsert("new", 20));

        assertThat(offer(upsert("old", 10))).isInstanceOf(Outcome.Superseded.class);
    }

    @Test
    void theSameChangeIsADuplicate() {
        offer(upsert("once", 10));

        assertThat(offer(upsert("once", 10))).isInstanceOf(Outcome.Duplicate.class);
    }

    @Test
    void aDeleteStillOutranksOlderChanges() {
        offer(upsert("row", 10));
        offer(delete(30));

        assertThat(offer(upsert("late", 20))).isInstanceOf(Outcome.Superseded.class);
    }

    @Test
    void aKeyComesBackAfterItsDelete() {
        offer(upsert("first", 10));
        offer(delete(20));

        Outcome outcome = offer(upsert("second", 30));

        assertThat(outcome).isInstanceOf(Outcome.Applied.class);
        assertThat(version(outcome)).isEqualTo(30);
    }

    @Test
    void aDeleteOfAnUnknownKeyReachesTheTargets() {
        assertThat(offer(delete(10)))
                .isInstanceOfSatisfying(
                        Outcome.Applied.class,
                        applied -> assertThat(applied.change()).isInstanceOf(RowChange.Delete.class));
    }

    @Test
    void aTransactionThatWasOpenAtTheSnapshotComesAfterIt() {
        Outcome snapshot = offer(change(row("snapshot"), new SourcePosition(100, 0)));
        Outcome streamed = offer(change(row("streamed"), new SourcePosition(110, 90)));

        assertThat(streamed).isInstanceOf(Outcome.Applied.class);
        assertThat(version(streamed)).isGreaterThan(version(snapshot));
    }

    @Test
    void versionsGrowWherePositionsDoNotSayEnough() {
        Outcome first = offer(change(row("a"), new SourcePosition(100, 90)));
        Outcome second = offer(change(row("b"), new SourcePosition(100, 95)));

        assertThat(version(first)).isEqualTo(100);
        assertThat(version(second)).isEqualTo(101);
    }

    @Test
    void changesOfOneTimeWithoutPositionAreTakenAsTheyCome() {
        Outcome first = offer(change(row("a"), null));
        Outcome second = offer(change(row("b"), null));

        assertThat(second).isInstanceOf(Outcome.Applied.class);
        assertThat(version(second)).isEqualTo(version(first) + 1);
    }

    @Test
    void aValueThatWasLeftOutIsAsBefore() {
        String large = "x".repeat(3000);
        offer(upsert(large, 10));

        Outcome outcome = offer(change(new Row(SCHEMA, new Object[] {2L, Unavailable.INSTANCE}), at(20)));

        assertThat(row(outcome)).isEqualTo(new Row(SCHEMA, new Object[] {2L, large}));
    }

    @Test
    void aValueStaysKnownWhileItIsLeftOutAgainAndAgain() {
        String large = "x".repeat(3000);
        offer(upsert(large, 10));
        Row leftOut = new Row(SCHEMA, new Object[] {1L, Unavailable.INSTANCE});
        offer(change(leftOut, at(20)));

        assertThat(row(offer(change(leftOut, at(30)))).value(1)).isEqualTo(large);
    }

    @Test
    void aValueThatIsNotKnownIsADeadLetter() {
        Outcome outcome = offer(change(new Row(SCHEMA, new Object[] {1L, Unavailable.INSTANCE}), at(10)));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(DeadLetterCode.UNAVAILABLE_VALUE));
    }

    @Test
    void aValueIsFilledInUnderTheNameThatItsColumnHasNow() {
        String notes = "n".repeat(2000);
        offer(change(new Row(SCHEMA, new Object[] {1L, notes}), at(10)));
        RowSchema renamed = new RowSchema(
                List.of(new Column("id", Primitive.INT64, false), new Column("remarks", Primitive.STRING, true)));

        assertThat(offer(change(new Row(renamed, new Object[] {1L, Unavailable.INSTANCE}), at(20))))
                .isInstanceOfSatisfying(
                        Outcome.Applied.class,
                        applied -> assertThat(((RowChange.Upsert) applied.change()).row())
                                .isEqualTo(new Row(renamed, new Object[] {1L, notes})));
    }

    @Test
    void smallRowsKeepNoValues() {
        offer(upsert("small", 10));

        KeyHistory history = memory.of(KEY).history();
        assertThat(history).isNotNull();
        assertThat(history.keepsValues()).isFalse();
    }

    @Test
    void aChangeWithoutPositionIsADuplicateWhenItComesAgain() {
        offer(at("a", 10));
        offer(at("b", 10));

        assertThat(offer(at("a", 10))).isInstanceOf(Outcome.Duplicate.class);
    }

    @Test
    void withoutPositionsTimeTellsOlderFromNewer() {
        offer(at("new", 20));

        assertThat(offer(at("old", 10))).isInstanceOf(Outcome.Superseded.class);
        assertThat(offer(at("newer", 30))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aDeleteWithoutPositionOutranksWhatIsOlder() {
        offer(at("row", 10));
        offer(new ChangeEvent(TABLE, KEY, Operation.DELETE, null, null, null, 30));

        assertThat(offer(at("late", 20))).isInstanceOf(Outcome.Superseded.class);
        assertThat(offer(at("again", 40))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aSnapshotRowThatCannotBePlacedNeverOverwritesAStreamedChange() {
        offer(at("streamed", 10));
        assertThat(offer(snapshot("loaded", 50, null))).isInstanceOf(Outcome.Superseded.class);

        offer(upsert("with position", 10));
        assertThat(offer(snapshot("loaded", 60, null))).isInstanceOf(Outcome.Superseded.class);
    }

    @Test
    void aStreamedChangeComesAfterASnapshotRowThatWasReadLater() {
        offer(snapshot("loaded", 50, null));

        assertThat(offer(at("committed while loading", 40))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aNewSnapshotRepairsWhatOnlySnapshotsHaveWritten() {
        offer(snapshot("first", 50, null));

        assertThat(offer(snapshot("second", 90, null))).isInstanceOf(Outcome.Applied.class);
        assertThat(offer(snapshot("first, much later", 60, null))).isInstanceOf(Outcome.Superseded.class);
    }

    @Test
    void aSnapshotThatIsTakenAgainNeverOverwritesWhatWasStreamedSince() {
        offer(upsert("streamed", 300));

        assertThat(offer(snapshot("of before", 5, new SourcePosition(0, 0)))).isInstanceOf(Outcome.Superseded.class);
        assertThat(offer(snapshot("of after", 5, new SourcePosition(400, 0)))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aTombstoneLastsFromItsDeleteOrFromWhenItCame() {
        long hour = 3_600_000;
        offer(delete(10));
        // Deleted five microseconds after 1970 began.
        assertThat(expiry()).isEqualTo(7 * 24 * hour);

        offer(delete(20), 1000 * hour + 1);
        assertThat(expiry()).isEqualTo((1000 + 7 * 24) * hour + hour);
    }

    private long expiry() {
        KeyHistory history = memory.of(KEY).history();
        return history == null ? -1 : history.expiresMillis();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsAsTheSourceWhateverComesTwiceOrLate(long seed) {
        History source = new History(seed).run(600, 15);
        History.Target target = new History.Target();

        for (ChangeEvent change : source.delivered()) {
            Outcome outcome = offer(change);
            assertThat(outcome).isNotInstanceOf(Outcome.Rejected.class);
            if (outcome instanceof Outcome.Applied applied) {
                target.apply(applied.change());
            }
        }

        assertThat(target.rows()).isEqualTo(source.table());
    }

    @Test
    void aRowThatIsReadAgainIsWrittenUnderAVersionThatNoTargetHas() {
        offer(upsert("lost by a target", 20));

        Outcome outcome = offer(upsert("lost by a target", 0), reading(30, 77));

        assertThat(version(outcome)).isEqualTo(78);
        assertThat(offer(upsert("next", 40))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aRowThatIsReadAgainNeverOverwritesWhatIsNewer() {
        offer(upsert("new", 30));

        assertThat(offer(upsert("read before", 0), reading(30, 0))).isInstanceOf(Outcome.Superseded.class);
        assertThat(offer(upsert("read after", 0), reading(31, 0))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void whatARowThatIsReadAgainIncludesDoesNotOverwriteIt() {
        offer(upsert("row", 10));
        offer(upsert("read", 0), reading(30, 0));

        assertThat(offer(upsert("under way when it was read", 20))).isInstanceOf(Outcome.Superseded.class);
        assertThat(offer(upsert("written at the position itself", 30))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aRowThatTheSourceDoesNotHaveIsDeletedAndStaysSo() {
        offer(upsert("row", 10));

        Outcome outcome = offer(delete(0), reading(30, 0));

        assertThat(((Outcome.Applied) outcome).change()).isInstanceOf(RowChange.Delete.class);
        assertThat(offer(upsert("late", 20))).isInstanceOf(Outcome.Superseded.class);
        assertThat(expiry()).isPositive().isNotEqualTo(KeyHistory.NEVER);
    }

    @Test
    void aRowOfWhichNothingIsKnownIsWrittenAndEveryChangeStillOutranksIt() {
        assertThat(version(offer(upsert("read", 0), reading(30, 0)))).isEqualTo(30);

        Outcome outcome = offer(upsert("not known to be included", 20));

        assertThat(version(outcome)).isEqualTo(31);
    }

    @Test
    void withoutPositionsTheSourcesClockDecidesWithASecondToSpare() {
        offer(at("row", 5_000_000));

        assertThat(offer(upsert("read", 0), new RowReading(30, 5_900_000, 0, false)))
                .isInstanceOf(Outcome.Superseded.class);
        assertThat(offer(upsert("read", 0), new RowReading(30, 6_100_000, 0, false)))
                .isInstanceOf(Outcome.Applied.class);
        assertThat(offer(at("next", 6_200_000))).isInstanceOf(Outcome.Applied.class);
    }

    /** Rows are read at any moment, and come early, late or twice. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsAsTheSourceWhateverIsReadAgain(long seed) {
        History source = new History(seed).run(300, 8);
        Random random = new Random(seed);
        List<Map<RowKey, Row>> states = states(source.changes());
        History.Target target = new History.Target();

        for (ChangeEvent change : source.delivered()) {
            for (int i = random.nextInt(3); i > 0; i--) {
                int known = random.nextInt(states.size());
                int read = Math.min(states.size() - 1, known + random.nextInt(4));
                RowKey key = source.changes().get(random.nextInt(states.size())).key();
                Row row = states.get(read).get(key);
                if (row != null || !states.get(known).containsKey(key)) {
                    SourcePosition position =
                            Objects.requireNonNull(source.changes().get(known).position());
                    ChangeEvent asRead = new ChangeEvent(
                            change.table(), key, row == null ? Operation.DELETE : Operation.UPDATE, null, row, null, 5);
                    apply(target, offer(asRead, reading(position.offset() + 1, 0)));
                }
            }
            apply(target, offer(change));
        }

        assertThat(target.rows()).isEqualTo(source.table());
    }

    private static void apply(History.Target target, Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            target.apply(applied.change());
        }
    }

    /** The table after each change. */
    private static List<Map<RowKey, Row>> states(List<ChangeEvent> changes) {
        List<Map<RowKey, Row>> states = new ArrayList<>();
        Map<RowKey, Row> table = new HashMap<>();
        for (ChangeEvent change : changes) {
            Row before = table.get(change.key());
            Row after = change.after();
            if (after == null) {
                table.remove(change.key());
            } else {
                Object[] values = new Object[after.schema().columns().size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = after.value(i) == Unavailable.INSTANCE
                            ? Objects.requireNonNull(before).value(i)
                            : after.value(i);
                }
                table.put(change.key(), new Row(after.schema(), values));
            }
            states.add(new HashMap<>(table));
        }
        return states;
    }

    private static RowReading reading(long before, long version) {
        return new RowReading(before, 0, version, false);
    }

    private Outcome offer(ChangeEvent change, RowReading reading) {
        Outcome outcome = sequencer.sequence(change, reading, memory.of(change.key()), false, Long.MIN_VALUE);
        if (outcome instanceof Outcome.Applied applied) {
            memory.remember(change.key(), applied);
        }
        return outcome;
    }

    private Outcome offer(ChangeEvent change) {
        return offer(change, Long.MIN_VALUE);
    }

    private Outcome offer(ChangeEvent change, long watermark) {
        Outcome outcome = sequencer.sequence(change, memory.of(change.key()), false, watermark);
        if (outcome instanceof Outcome.Applied applied) {
            memory.remember(change.key(), applied);
        }
        return outcome;
    }

    private static long version(Outcome outcome) {
        return ((Outcome.Applied) outcome).change().version();
    }

    private static Row row(Outcome outcome) {
        return ((RowChange.Upsert) ((Outcome.Applied) outcome).change()).row();
    }

    private static SourcePosition at(long lsn) {
        return new SourcePosition(1, lsn);
    }

    private static Row row(String notes) {
        return new Row(SCHEMA, new Object[] {1L, notes});
    }

    private static ChangeEvent upsert(String notes, long lsn) {
        return change(row(notes), at(lsn));
    }

    private static ChangeEvent change(Row after, @Nullable SourcePosition position) {
        return new ChangeEvent(TABLE, KEY, Operation.UPDATE, null, after, position, 5);
    }

    private static ChangeEvent at(String notes, long micros) {
        return new ChangeEvent(TABLE, KEY, Operation.UPDATE, null, row(notes), null, micros);
    }

    private static ChangeEvent snapshot(String notes, long micros, @Nullable SourcePosition position) {
        return new ChangeEvent(TABLE, KEY, Operation.SNAPSHOT, null, row(notes), position, micros);
    }

    private static ChangeEvent delete(long lsn) {
        return new ChangeEvent(TABLE, KEY, Operation.DELETE, null, null, at(lsn), 5);
    }
}
