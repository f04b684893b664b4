package io.millrace.iceberg.flink;

import io.millrace.iceberg.commit.WriterReport;
import io.millrace.iceberg.index.ImmutableSerializer;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a report in its own versioned form. */
public final class WriterReportSerializer extends ImmutableSerializer<WriterReport> {
    public static final WriterReportSerializer INSTANCE = new WriterReportSerializer();

    @Override
    public WriterReport createInstance() {
        return new WriterReport(List.of());
    }

    @Override
    public void serialize(WriterReport report, DataOutputView target) throws IOException {
        report.write(target);
    }

    @Override
    public WriterReport deserialize(DataInputView source) throws IOException {
        return WriterReport.read(source);
    }

    @Override
    public TypeSerializerSnapshot<WriterReport> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Flink's record of this serializer in a checkpoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<WriterReport> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
