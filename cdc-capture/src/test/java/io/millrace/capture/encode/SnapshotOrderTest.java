package io.millrace.capture.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SnapshotOrderTest {
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .field(
                    "snapshot",
                    SchemaBuilder.string().optional().defaultValue("false").build())
            .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private final AtomicLong kept = new AtomicLong();
    private final SnapshotOrder order = new SnapshotOrder(new SnapshotOrder.SnapshotLsn() {
        @Override
        public long value() {
            return kept.get();
        }

        @Override
        public boolean repeated() {
            return false;
        }

        @Override
        public void raise(long lsn) {
            kept.set(lsn);
        }
    });

    @Test
    void streamedChangesStandBehindTheSnapshot() {
        order.stamp(source(100, "first", null));
        Struct before = source(70, null, null);
        order.stamp(before);
        assertThat(before.getString("sequence")).isEqualTo("[\"100\",\"70\"]");
        Struct after = source(300, null, "[\"250\",\"300\"]");
        order.stamp(after);
        assertThat(after.getString("sequence")).isEqualTo("[\"100\",\"300\"]");
    }

    @Test
    void snapshotRowsKeepTheirs() {
        Struct row = source(100, "true", "[null,\"100\"]");
        order.stamp(row);
        assertThat(row.getString("sequence")).isEqualTo("[null,\"100\"]");
        assertThat(kept).hasValue(100);
    }

    @Test
    void newSnapshotNeverLowersThePosition() {
        kept.set(500);
        order.stamp(source(100, "true", null));
        assertThat(kept).hasValue(500);
    }

    private static Struct source(long lsn, @Nullable String snapshot, @Nullable String sequence) {
        return new Struct(SOURCE).put("lsn", lsn).put("snapshot", snapshot).put("sequence", sequence);
    }
}
