package io.millrace.stream.wire;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.replay.RowReading;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.Replay;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A change with its shard, and its raw record if it keeps one. */
final class DecodedChangeCodec implements Codec<DecodedChange> {
    private static final int HAS_BEFORE = 1;
    private static final int HAS_AFTER = 2;
    private static final int HAS_POSITION = 4;
    private static final int HAS_RAW = 8;
    private static final int LARGE = 16;
    private static final int REFUSED = 32;
    private static final int IS_REPLAY = 64;
    private static final int HAS_READING = 128;

    private final Codec<TableId> tables = new InterningCodec<>(new TableCodec());
    private final Codec<String> texts = new InterningCodec<>(new TextCodec());
    private final Codec<Row> rows = new RowCodec();
    private final Codec<SourcePosition> positions = new PositionCodec();
    private final Codec<RawRecord> records = new RawRecordCodec();
    private final Codec<DeadLetter> letters = new DeadLetterCodec();

    @Override
    public void write(DecodedChange decoded, DataOutput out) throws IOException {
        ChangeEvent change = decoded.change();
        Row before = change.before();
        Row after = change.after();
        SourcePosition position = change.position();
        RawRecord raw = decoded.raw();
        Replay replay = decoded.replay();
        RowReading reading = decoded.reading();
        out.writeByte((before == null ? 0 : HAS_BEFORE)
                | (after == null ? 0 : HAS_AFTER)
                | (position == null ? 0 : HAS_POSITION)
                | (raw == null ? 0 : HAS_RAW)
                | (decoded.large() ? LARGE : 0)
                | (decoded.refused() ? REFUSED : 0)
                | (replay == null ? 0 : IS_REPLAY)
                | (reading == null ? 0 : HAS_READING));
        tables.write(change.table(), out);
        texts.write(change.key().table(), out);
        Compact.writeText(change.key().id(), out);
        out.writeByte(tag(change.operation()));
        Compact.writeSigned(change.eventTimeMicros(), out);
        texts.write(decoded.shard(), out);
        if (before != null) {
            rows.write(before, out);
        }
        if (after != null) {
            rows.write(after, out);
        }
        if (position != null) {
            positions.write(position, out);
        }
        if (raw != null) {
            records.write(raw, out);
            Compact.writeOptionalText(decoded.recordId(), out);
        }
        Compact.writeUnsigned(decoded.claims().size(), out);
        for (String claim : decoded.claims()) {
            Compact.writeText(claim, out);
        }
        if (replay != null) {
            letters.write(replay.letter(), out);
            out.writeBoolean(replay.version() != null);
            if (replay.version() != null) {
                Compact.writeUnsigned(replay.version(), out);
            }
        }
        if (reading != null) {
            out.writeLong(reading.before());
            out.writeLong(reading.beforeMicros());
            out.writeLong(reading.aboveVersion());
            out.writeBoolean(reading.masked());
        }
    }

    @Override
    public DecodedChange read(DataInput in) throws IOException {
        int has = in.readByte();
        TableId table = tables.read(in);
        RowKey key = new RowKey(texts.read(in), Compact.readText(in));
        Operation operation = operation(in.readByte());
        long eventTimeMicros = Compact.readSigned(in);
        String shard = texts.read(in);
        Row before = (has & HAS_BEFORE) == 0 ? null : rows.read(in);
        Row after = (has & HAS_AFTER) == 0 ? null : rows.read(in);
        SourcePosition position = (has & HAS_POSITION) == 0 ? null : positions.read(in);
        RawRecord raw = (has & HAS_RAW) == 0 ? null : records.read(in);
        String recordId = (has & HAS_RAW) == 0 ? null : Compact.readOptionalText(in);
        int count = Compact.readLength(in);
        List<String> claims = count == 0 ? List.of() : new ArrayList<>();
        for (int i = 0; i < count; i++) {
            claims.add(Compact.readText(in));
        }
        Replay replay = (has & IS_REPLAY) == 0
                ? null
                : new Replay(letters.read(in), in.readBoolean() ? (Long) Compact.readUnsigned(in) : null);
        RowReading reading = (has & HAS_READING) == 0
                ? null
                : new RowReading(in.readLong(), in.readLong(), in.readLong(), in.readBoolean());
        return new DecodedChange(
                new ChangeEvent(table, key, operation, before, after, position, eventTimeMicros),
                shard,
                raw,
                recordId,
                (has & LARGE) != 0,
                (has & REFUSED) != 0,
                replay,
                reading,
                claims);
    }

    /** Numbers of the format, and not ordinals: the order of an enum may change. */
    private static int tag(Operation operation) {
        return switch (operation) {
            case SNAPSHOT -> 1;
            case INSERT -> 2;
            case UPDATE -> 3;
            case DELETE -> 4;
        };
    }

    private static Operation operation(int tag) throws IOException {
        return switch (tag) {
            case 1 -> Operation.SNAPSHOT;
            case 2 -> Operation.INSERT;
            case 3 -> Operation.UPDATE;
            case 4 -> Operation.DELETE;
            default -> throw new IOException("Cannot read operation " + tag + ": it was written by a newer version");
        };
    }

    private static final class TableCodec implements Codec<TableId> {
        @Override
        public void write(TableId table, DataOutput out) throws IOException {
            Compact.writeText(table.source(), out);
            Compact.writeText(table.schema(), out);
            Compact.writeText(table.name(), out);
        }

        @Override
        public TableId read(DataInput in) throws IOException {
            return new TableId(Compact.readText(in), Compact.readText(in), Compact.readText(in));
        }
    }
}
