package io.millrace.iceberg.index;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Two variable-length integers: a location mostly takes four to seven bytes of state. */
public final class RowLocationSerializer extends ImmutableSerializer<RowLocation> {
    public static final RowLocationSerializer INSTANCE = new RowLocationSerializer();

    @Override
    public RowLocation createInstance() {
        return new RowLocation(0, 0);
    }

    @Override
    public void serialize(RowLocation location, DataOutputView target) throws IOException {
        VariableLength.write(location.file(), target);
        VariableLength.write(location.position(), target);
    }

    @Override
    public RowLocation deserialize(DataInputView source) throws IOException {
        return new RowLocation(VariableLength.read(source), VariableLength.read(source));
    }

    @Override
    public TypeSerializerSnapshot<RowLocation> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Flink's record of this serializer in a checkpoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<RowLocation> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
