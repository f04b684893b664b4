package io.millrace.capture.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BinlogOrderTest {
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
            .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
            .field("file", Schema.STRING_SCHEMA)
            .field("pos", Schema.INT64_SCHEMA)
            .field("row", Schema.INT32_SCHEMA)
            .build();

    private final List<Long> reserved = new ArrayList<>();
    private long base;
    private final BinlogOrder order = new BinlogOrder(new BinlogOrder.Logs() {
        @Override
        public long base() {
            return base;
        }

        @Override
        public void reserve(long log) {
            reserved.add(log);
        }
    });

    @Test
    void rowsOfASnapshotStandWhereTheLogEnded() {
        assertThat(stamped("mariadb-bin.000002", 330, 0, "first", 330)).isEqualTo(sequence(2, 330, 0));
        assertThat(stamped("mariadb-bin.000002", 330, 0, "last", 330)).isEqualTo(sequence(2, 330, 0));
    }

    @Test
    void changesStandByLogOffsetAndRow() {
        assertThat(stamped("mariadb-bin.000010", 400, 3, null, 330)).isEqualTo(sequence(10, 400, 4));
        assertThat(reserved).containsExactly(10L);
    }

    @Test
    void numbersOfOtherLogsAreBehindTheBase() {
        base = 40;
        assertThat(stamped("mariadb-bin.000001", 400, 0, null, 330)).isEqualTo(sequence(41, 400, 1));
        assertThat(reserved).containsExactly(41L);
    }

    /** Offsets have 32 bits: the rest of a transaction that crosses four gigabytes stands behind its beginning. */
    @Test
    void offsetsThatBeginAnewWithinATransactionStillGrow() {
        assertThat(stamped("mariadb-bin.000002", 400, 0, null, 1_000_000_000))
                .isEqualTo(sequence(2, (1L << 32) + 400, 1));
    }

    @Test
    void logWithoutANumberIsRefused() {
        assertThatThrownBy(() -> stamped("binlog", 400, 0, null, 330)).isInstanceOf(IllegalStateException.class);
    }

    private String stamped(String file, long offset, int row, @Nullable String snapshot, long transaction) {
        Struct source = new Struct(SOURCE)
                .put("snapshot", snapshot)
                .put("file", file)
                .put("pos", offset)
                .put("row", row);
        order.stamp(source, Map.of("file", file, "pos", transaction));
        assertThat(source.getString("snapshot")).isEqualTo(snapshot == null ? "false" : snapshot);
        return source.getString("sequence");
    }

    private static String sequence(long log, long offset, long row) {
        long start = log << 33 | offset;
        return "[\"" + start + "\",\"" + (start + row) + "\"]";
    }
}
