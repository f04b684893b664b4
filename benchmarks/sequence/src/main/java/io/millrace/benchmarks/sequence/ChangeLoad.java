package io.millrace.benchmarks.sequence;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.stream.decode.DecodedChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.functions.source.RichSourceFunction;

/**
 * Gives changes to the step that is chained to it, one phase after the other, and measures each by the CPU time of the whole
 * process: the step, RocksDB's own threads, checkpoints, garbage collection, and the making of the changes.
 */
@SuppressWarnings(
        "deprecation") // The old interface calls the chained step in its own thread, which is what is measured.
final class ChangeLoad extends RichSourceFunction<DecodedChange> {
    private static final long serialVersionUID = 1L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final TableId TABLE = new TableId("shop", "public", "orders");
    private static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("order_id", Primitive.INT64, false),
            new Column("customer_id", Primitive.INT64, true),
            new Column("status", Primitive.STRING, true),
            new Column("note", Primitive.STRING, true),
            new Column("total", Primitive.FLOAT64, true),
            new Column("changed_at", Primitive.TIMESTAMP_TZ, true)));

    private final int keys;
    private final int updates;
    private final String stateDirectory;

    ChangeLoad(int keys, int updates, Path stateDirectory) {
        this.keys = keys;
        this.updates = updates;
        this.stateDirectory = stateDirectory.toString();
    }

    @Override
    public void run(SourceContext<DecodedChange> context) throws Exception {
        long lsn = 0x1_7C00_0000L;
        Random random = new Random(1);
        phase(context, "insert every key once", keys, lsn, i -> i);
        lsn += 100L * keys;
        phase(context, "update any key, all equally likely", updates, lsn, i -> random.nextInt(keys));
        lsn += 100L * updates;
        // The square makes a tenth of the keys take a third of the changes, half of them new ones in time.
        phase(context, "update recent keys more often", updates, lsn, i -> {
            double age = random.nextDouble();
            return keys - 1 - (int) (age * age * age * age * (keys - 1));
        });
        awaitRest();
        System.out.printf("state on disk        %,d bytes, %.1f a key%n", stateBytes(), stateBytes() / (double) keys);
    }

    private void phase(SourceContext<DecodedChange> context, String name, int count, long lsn, IndexOf key) {
        long cpu = cpuNanos();
        long own = THREADS.getCurrentThreadCpuTime();
        long time = System.nanoTime();
        for (int i = 0; i < count; i++) {
            synchronized (context.getCheckpointLock()) {
                context.collect(change(key.of(i), lsn + 100L * i));
            }
        }
        double cpuSeconds = (cpuNanos() - cpu) / 1e9;
        double ownSeconds = (THREADS.getCurrentThreadCpuTime() - own) / 1e9;
        double seconds = (System.nanoTime() - time) / 1e9;
        System.out.printf(
                "%-36s %,11d changes  %,9.0f a second and core (CPU time of the process; the task's thread has %.0f %% of it)"
                        + "  %,9.0f a second%n",
                name, count, count / cpuSeconds, 100 * ownSeconds / cpuSeconds, count / seconds);
    }

    private static DecodedChange change(long id, long lsn) {
        long micros = 1_700_000_000_000_000L + lsn;
        Row row = new Row(SCHEMA, new Object[] {id, id / 10, "SHIPPED", "left at the door", 12.5, micros});
        return new DecodedChange(
                new ChangeEvent(
                        TABLE,
                        new RowKey(TABLE_NAME, Long.toString(id)),
                        Operation.UPDATE,
                        null,
                        row,
                        new SourcePosition(0x1_7000_0000L, lsn),
                        micros),
                "shard-0",
                null);
    }

    private static final String TABLE_NAME = TABLE.toString();

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** RocksDB compacts in threads of its own: at rest is what has not changed its size through a checkpoint. */
    private void awaitRest() throws InterruptedException {
        long before;
        do {
            before = stateBytes();
            Thread.sleep(12_000);
        } while (stateBytes() != before);
    }

    private long stateBytes() {
        try (Stream<Path> files = Files.walk(Path.of(stateDirectory))) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .mapToLong(ChangeLoad::size)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot measure: " + stateDirectory, e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException compactedAway) {
            return 0;
        }
    }

    @Override
    public void cancel() {}

    private interface IndexOf {
        int of(int change);
    }
}
