package io.millrace.stream.wire.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.replay.RowReading;
import io.millrace.stream.RandomRows;
import io.millrace.stream.accounting.Ledger;
import io.millrace.stream.accounting.LedgerLine;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.decode.Replay;
import io.millrace.stream.sequence.Floor;
import io.millrace.stream.sequence.KeptValues;
import io.millrace.stream.sequence.KeyHistory;
import io.millrace.stream.sequence.TableFloor;
import io.millrace.stream.wire.WireFormat;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireSerializerTest {
    private static final List<LedgerLine> LEDGER_LINES = List.of(
            new LedgerLine(new Ledger.Account("shop", null), Ledger.Entry.CONTROL, 1),
            new LedgerLine(new Ledger.Account("shop", "public.orders"), Ledger.Entry.DEAD_LETTERED, Long.MAX_VALUE));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void readsWhatItWrote(long seed) throws IOException {
        Random random = new Random(seed);
        RandomRows rows = new RandomRows(random);
        TypeSerializer<DecodedChange> changes = serializer(WireFormat.DECODED_CHANGE);
        TypeSerializer<RowChange> rowChanges = serializer(WireFormat.ROW_CHANGE);
        TypeSerializer<DeadLetter> letters = serializer(WireFormat.DEAD_LETTER);
        TypeSerializer<KeptValues> kept = serializer(WireFormat.KEPT_VALUES);
        TypeSerializer<KeyHistory> histories = serializer(WireFormat.KEY_HISTORY);
        TypeSerializer<LedgerLine> ledger = serializer(WireFormat.LEDGER_LINE);
        TypeSerializer<TableFloor> floors = serializer(WireFormat.TABLE_FLOOR);
        TypeSerializer<DecodedTruncation> truncations = serializer(WireFormat.DECODED_TRUNCATION);

        for (int i = 0; i < 200; i++) {
            RowSchema schema = rows.schema();
            Row row = rows.row(schema);
            RowKey key = new RowKey("s.p.t" + random.nextInt(3), Long.toString(random.nextLong()));
            long version = random.nextLong() & Long.MAX_VALUE;
            assertRoundTrip(changes, change(random, rows, row, key));
            assertRoundTrip(rowChanges, new RowChange.Upsert(key, row, version, random.nextLong()));
            assertRoundTrip(rowChanges, new RowChange.Delete(key, version, random.nextLong()));
            assertRoundTrip(kept, new KeptValues(row));
            assertRoundTrip(
                    histories,
                    new KeyHistory(
                            position(random),
                            version,
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextBoolean() ? random.nextLong() >> 8 : null,
                            random.nextBoolean() ? 3_600_000L * random.nextInt(1_000_000) : KeyHistory.NEVER));
            SourcePosition place = new SourcePosition(random.nextLong(), random.nextLong());
            assertRoundTrip(
                    floors, new TableFloor(key.table(), new Floor(place, random.nextLong()), random.nextBoolean()));
            DecodedTruncation truncation = new DecodedTruncation(
                    key.table(),
                    place,
                    random.nextLong(),
                    random.nextBoolean() ? null : new RawRecord("s", "stream", "shard", "seq", null, 1, new byte[] {1}),
                    random.nextBoolean() ? null : new Replay(letter(random, key).with(key, null), null));
            assertThat(roundTrip(truncations, truncation))
                    .usingRecursiveComparison()
                    .isEqualTo(truncation);
            assertRoundTrip(ledger, LEDGER_LINES.get(random.nextInt(LEDGER_LINES.size())));
            DeadLetter letter = letter(random, key);
            assertThat(roundTrip(letters, letter)).usingRecursiveComparison().isEqualTo(letter);
        }
    }

    @Test
    void equalSchemasAreReadAsOneInstance() throws IOException {
        TypeSerializer<RowChange> serializer = serializer(WireFormat.ROW_CHANGE);
        RandomRows rows = new RandomRows(new Random(42));
        RowSchema schema = rows.schema();
        RowSchema equalSchema = new RowSchema(schema.columns());

        Row first = ((RowChange.Upsert) roundTrip(serializer, upsert(rows.row(schema)))).row();
        Row second = ((RowChange.Upsert) roundTrip(serializer, upsert(rows.row(equalSchema)))).row();

        assertThat(second.schema()).isSameAs(first.schema());
    }

    @Test
    void aKeysHistoryTakesFewBytes() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        SourcePosition position = new SourcePosition(0x1_7C00_73F8L, 0x1_7C00_8000L);

        serializer(WireFormat.KEY_HISTORY)
                .serialize(new KeyHistory(position, 0x1_7C00_8000L, false, false, true, null, KeyHistory.NEVER), out);

        assertThat(out.length()).isLessThanOrEqualTo(12);
    }

    @Test
    void stateNamesItsFormatAndItsVersion() throws IOException {
        TypeSerializer<KeyHistory> serializer = serializer(WireFormat.KEY_HISTORY);
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());

        TypeSerializerSnapshot<KeyHistory> read = TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());

        assertThat(read.restoreSerializer()).isEqualTo(serializer);
        assertThat(serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(read)
                        .isCompatibleAsIs())
                .isTrue();
    }

    @Test
    void stateOfAnotherFormatIsIncompatible() throws IOException {
        @SuppressWarnings({"unchecked", "rawtypes"})
        TypeSerializerSnapshot<KeyHistory> other =
                (TypeSerializerSnapshot) serializer(WireFormat.ROW_KEY).snapshotConfiguration();

        assertThat(serializer(WireFormat.KEY_HISTORY)
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(other)
                        .isIncompatible())
                .isTrue();
    }

    @Test
    void travelsToTaskManagers() throws Exception {
        WireType<RowKey> type = WireType.of(WireFormat.ROW_KEY);

        assertThat(InstantiationUtil.clone(type)).isEqualTo(type);
        assertThat(InstantiationUtil.clone(serializer(WireFormat.ROW_KEY))).isEqualTo(serializer(WireFormat.ROW_KEY));
    }

    private static DecodedChange change(Random random, RandomRows rows, Row row, RowKey key) {
        boolean delete = random.nextInt(4) == 0;
        ChangeEvent event = new ChangeEvent(
                new TableId("s", "p", key.table().substring(4)),
                key,
                delete ? Operation.DELETE : Operation.values()[random.nextInt(3)],
                random.nextBoolean() ? null : rows.row(row.schema()),
                delete ? null : row,
                position(random),
                random.nextLong());
        DecodedChange first = new DecodedChange(event, "shard-" + random.nextInt(2), null);
        if (random.nextInt(4) == 0) {
            return first.readAt(
                    new RowReading(random.nextLong(), random.nextLong(), random.nextLong(), random.nextBoolean()));
        }
        return random.nextBoolean()
                ? first
                : first.as(new Replay(
                        letter(random, key).with(key, null),
                        random.nextBoolean() ? null : (Long) (long) random.nextInt(99)));
    }

    private static @Nullable SourcePosition position(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> new SourcePosition(random.nextLong(), random.nextLong());
            default -> new SourcePosition(random.nextInt(1000), random.nextInt(1000));
        };
    }

    private static DeadLetter letter(Random random, RowKey key) {
        byte[] data = new byte[random.nextInt(100)];
        random.nextBytes(data);
        boolean early = random.nextBoolean();
        return new DeadLetter(
                "id" + random.nextInt(),
                DeadLetterCode.values()[random.nextInt(DeadLetterCode.values().length)],
                "Cannot …",
                "s",
                early ? null : key.table(),
                early ? null : key,
                early ? null : position(random),
                early ? null : (Long) random.nextLong(),
                random.nextBoolean() ? null : (Long) random.nextLong(),
                random.nextLong(),
                random.nextBoolean()
                        ? null
                        : new RawRecord("s", "stream", "shard", "seq", early ? null : "pk", random.nextLong(), data),
                random.nextBoolean()
                        ? Review.FIRST
                        : new Review(
                                Review.State.REPLAYED, random.nextInt(9), "me", random.nextLong(), null, "applied"));
    }

    private static RowChange upsert(Row row) {
        return new RowChange.Upsert(new RowKey("s.p.t", "1"), row, 1, 1);
    }

    private static <T> TypeSerializer<T> serializer(WireFormat<T> format) {
        return WireType.of(format).createSerializer(new SerializerConfigImpl());
    }

    private static <T> void assertRoundTrip(TypeSerializer<T> serializer, T value) throws IOException {
        assertThat(roundTrip(serializer, value)).isEqualTo(value);
    }

    private static <T> T roundTrip(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataOutputSerializer copy = new DataOutputSerializer(64);
        serializer.duplicate().copy(new DataInputDeserializer(out.getCopyOfBuffer()), copy);
        DataInputDeserializer in = new DataInputDeserializer(copy.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }
}
