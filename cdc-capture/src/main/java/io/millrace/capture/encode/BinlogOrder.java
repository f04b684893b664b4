package io.millrace.capture.encode;

import io.millrace.schemas.event.BinlogPosition;
import io.millrace.schemas.event.SourcePosition;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Gives the changes of a binary log their positions, which readers find in {@code source.sequence}.
 *
 * <p>A change stands where its event begins in the log, and then by its row; rows of a snapshot stand where the log ended when
 * they were read, behind all that was written before and before all that is written after. The server's logs are numbered
 * with a base that {@link Logs} keeps, as another server, or the same after its logs were reset, begins with number 1 again.
 *
 * <p>Safe for use by several threads if its logs are.
 */
public final class BinlogOrder {
    private static final long OFFSET_RANGE = 1L << 32;

    private final Logs logs;

    /** Keeps how the logs are numbered, across restarts. */
    public interface Logs {
        /** What is added to a log's own number. */
        long base();

        /** Makes sure, durably, that no other log ever gets this number; called before a position with it is used. */
        void reserve(long log);
    }

    public BinlogOrder(Logs logs) {
        this.logs = logs;
    }

    /**
     * Sets the position of a change or of a row that was read.
     *
     * @param offset Debezium's offset of the record, which names where its transaction begins
     */
    public void stamp(Struct source, Map<String, ?> offset) {
        boolean read = isSnapshot(source.getString("snapshot"));
        SourcePosition position = position(source, offset, read);
        if (!read) {
            // Debezium leaves this field to its default, which the stream's readers do not see.
            source.put("snapshot", "false");
        }
        source.put("sequence", "[\"" + position.transaction() + "\",\"" + position.offset() + "\"]");
    }

    private SourcePosition position(Struct source, Map<String, ?> offset, boolean read) {
        String file = String.valueOf(source.getString("file"));
        OptionalLong number = BinlogPosition.logNumber(file);
        Long at = source.getInt64("pos");
        if (number.isEmpty() || at == null) {
            throw new IllegalStateException("Cannot tell where a change stands: the binary log is named " + file);
        }
        long log = logs.base() + number.getAsLong();
        logs.reserve(log);
        if (read) {
            return BinlogPosition.ofRead(log, at);
        }
        Integer row = source.getInt32("row");
        return BinlogPosition.ofChange(
                log, at + (isBeyond(at, file, offset) ? OFFSET_RANGE : 0), row == null ? 0 : row);
    }

    /**
     * Whether a change is beyond the first four gigabytes of its log, where the server's offsets begin at zero again: only a
     * transaction reaches there that begins before, as the next one goes into the next log.
     */
    private static boolean isBeyond(long at, String file, Map<String, ?> offset) {
        return file.equals(offset.get("file")) && offset.get("pos") instanceof Number begin && at < begin.longValue();
    }

    private static boolean isSnapshot(@Nullable String marker) {
        return marker != null && !marker.equals("false");
    }
}
