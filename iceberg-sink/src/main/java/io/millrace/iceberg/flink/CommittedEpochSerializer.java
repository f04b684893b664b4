package io.millrace.iceberg.flink;

import io.millrace.iceberg.CommittedEpoch;
import io.millrace.iceberg.index.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a commit field by field. */
public final class CommittedEpochSerializer extends ImmutableSerializer<CommittedEpoch> {
    public static final CommittedEpochSerializer INSTANCE = new CommittedEpochSerializer();

    @Override
    public CommittedEpoch createInstance() {
        return new CommittedEpoch("", 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void serialize(CommittedEpoch commit, DataOutputView target) throws IOException {
        target.writeUTF(commit.table());
        target.writeLong(commit.epoch());
        target.writeLong(commit.checkpointId());
        target.writeLong(commit.snapshotId());
        target.writeLong(commit.rowsWritten());
        target.writeLong(commit.rowsDeleted());
        target.writeLong(commit.committedAtMillis());
    }

    @Override
    public CommittedEpoch deserialize(DataInputView source) throws IOException {
        return new CommittedEpoch(
                source.readUTF(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<CommittedEpoch> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Flink's record of this serializer in a checkpoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<CommittedEpoch> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
