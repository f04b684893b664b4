package io.millrace.stream.wire;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.decode.Replay;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A truncation, with its raw record if it keeps one. */
final class DecodedTruncationCodec implements Codec<DecodedTruncation> {
    private final Codec<SourcePosition> positions = new PositionCodec();
    private final Codec<RawRecord> records = new RawRecordCodec();
    private final Codec<DeadLetter> letters = new DeadLetterCodec();

    @Override
    public void write(DecodedTruncation truncation, DataOutput out) throws IOException {
        Compact.writeText(truncation.table(), out);
        positions.write(truncation.position(), out);
        Compact.writeSigned(truncation.eventTimeMicros(), out);
        RawRecord raw = truncation.raw();
        out.writeBoolean(raw != null);
        if (raw != null) {
            records.write(raw, out);
        }
        Replay replay = truncation.replay();
        out.writeBoolean(replay != null);
        if (replay != null) {
            letters.write(replay.letter(), out);
        }
    }

    @Override
    public DecodedTruncation read(DataInput in) throws IOException {
        String table = Compact.readText(in);
        SourcePosition position = positions.read(in);
        long eventTimeMicros = Compact.readSigned(in);
        RawRecord raw = in.readBoolean() ? records.read(in) : null;
        Replay replay = in.readBoolean() ? new Replay(letters.read(in), null) : null;
        return new DecodedTruncation(table, position, eventTimeMicros, raw, replay);
    }
}
