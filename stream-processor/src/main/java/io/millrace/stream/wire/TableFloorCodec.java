package io.millrace.stream.wire;

import io.millrace.schemas.event.SourcePosition;
import io.millrace.stream.sequence.Floor;
import io.millrace.stream.sequence.TableFloor;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What is remembered of a table's last truncation. */
final class TableFloorCodec implements Codec<TableFloor> {
    private final Codec<SourcePosition> positions = new PositionCodec();

    @Override
    public void write(TableFloor floor, DataOutput out) throws IOException {
        Compact.writeText(floor.table(), out);
        positions.write(floor.floor().position(), out);
        Compact.writeSigned(floor.floor().eventTimeMicros(), out);
        out.writeBoolean(floor.swept());
    }

    @Override
    public TableFloor read(DataInput in) throws IOException {
        String table = Compact.readText(in);
        Floor floor = new Floor(positions.read(in), Compact.readSigned(in));
        return new TableFloor(table, floor, in.readBoolean());
    }
}
