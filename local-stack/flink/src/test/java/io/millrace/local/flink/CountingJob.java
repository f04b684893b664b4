package io.millrace.local.flink;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.SourceFunction;
import org.jspecify.annotations.Nullable;

/** A job for tests: counts for ever, and writes down what it restored and where its class is from. */
@SuppressWarnings("deprecation") // the shortest source that keeps state
public final class CountingJob {

    private CountingJob() {}

    /**
     * Submits the job.
     *
     * @param args anything; the last is the file that gets the restored count
     */
    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.enableCheckpointing(200);
        environment
                .addSource(new Counter(args[args.length - 1]), Types.LONG)
                .setParallelism(1)
                .sinkTo(new DiscardingSink<>());
        environment.execute("counting");
    }

    /** Counts a thousand a second. */
    private static final class Counter implements SourceFunction<Long>, CheckpointedFunction {
        private static final long serialVersionUID = 1L;

        private final String restoredFile;
        private volatile boolean running = true;
        private long count;
        private transient @Nullable ListState<Long> state;

        Counter(String restoredFile) {
            this.restoredFile = restoredFile;
        }

        @Override
        public void run(SourceContext<Long> context) throws Exception {
            while (running) {
                synchronized (context.getCheckpointLock()) {
                    context.collect(count++);
                }
                LockSupport.parkNanos(1_000_000);
            }
        }

        @Override
        public void cancel() {
            running = false;
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            Objects.requireNonNull(state).update(List.of(count));
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            ListState<Long> counts =
                    context.getOperatorStateStore().getListState(new ListStateDescriptor<>("count", Types.LONG));
            state = counts;
            for (long restored : counts.get()) {
                count = restored;
            }
            Files.writeString(
                    Path.of(restoredFile),
                    count + " in " + getClass().getClassLoader().getClass().getName());
        }
    }
}
