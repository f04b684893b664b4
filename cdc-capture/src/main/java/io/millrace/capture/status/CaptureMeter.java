package io.millrace.capture.status;

import io.millrace.capture.encode.SourceFields;
import io.millrace.capture.publish.PublishMeter;
import io.millrace.schemas.event.TableId;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Counts what a capture does. Safe for use by several threads. */
public final class CaptureMeter implements PublishMeter {
    private final Clock clock;
    private final Map<String, LongAdder> captured = new ConcurrentHashMap<>();
    private final LongAdder published = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder claimChecks = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final AtomicLong lagMillis = new AtomicLong();
    private volatile CaptureStatus.State state = CaptureStatus.State.STARTING;
    private volatile @Nullable String lastPosition;
    private volatile @Nullable String problem;

    public CaptureMeter(Clock clock) {
        this.clock = clock;
    }

    /** The stream has a record of Debezium's, and all before it; heartbeats among them. */
    public void captured(SourceRecord record) {
        boolean insideSnapshot = record.sourceOffset().containsKey("snapshot");
        state = insideSnapshot ? CaptureStatus.State.SNAPSHOT : CaptureStatus.State.STREAMING;
        if (!(record.value() instanceof Struct envelope)) {
            return;
        }
        if (envelope.schema().field("source") == null) {
            if (envelope.schema().field("ts_ms") != null) {
                // A heartbeat has come this way behind all changes before it: the lag of a source that is silent.
                lagMillis.set(Math.max(0, clock.millis() - envelope.getInt64("ts_ms")));
            }
            return;
        }
        Struct source = envelope.getStruct("source");
        TableId table = SourceFields.table("", source);
        if (table == null || envelope.schema().field("op") == null) {
            return;
        }
        captured.computeIfAbsent(table.qualifiedName(), name -> new LongAdder()).increment();
        lagMillis.set(clock.millis() - source.getInt64("ts_ms"));
        lastPosition = SourceFields.position(source);
    }

    @Override
    public void published(int records, int recordBytes) {
        published.add(records);
        bytes.add(recordBytes);
    }

    @Override
    public void retried() {
        retries.increment();
    }

    /** A payload over the stream's limit was put into storage. */
    public void claimChecked() {
        claimChecks.increment();
    }

    public void entered(CaptureStatus.State next) {
        state = next;
    }

    public void failed(String reason) {
        problem = reason;
        state = CaptureStatus.State.FAILED;
    }

    public CaptureStatus status() {
        Map<String, Long> tables = new TreeMap<>();
        captured.forEach((table, count) -> tables.put(table, count.sum()));
        return new CaptureStatus(
                state,
                tables,
                published.sum(),
                bytes.sum(),
                lagMillis.get(),
                lastPosition,
                claimChecks.sum(),
                retries.sum(),
                problem);
    }
}
