package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.PeakMemory;
import io.millrace.benchmarks.measure.Stopwatch;
import io.millrace.benchmarks.sink.ReadResult.Operation;
import io.millrace.benchmarks.sink.ReadResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures an engine's operations one after the other and notes each as soon as it is over. An operation that takes too much
 * processor time ends the process with {@link #OVER_LIMIT}: there is no other way to stop a reader.
 */
public final class Reads {
    /** The exit code after an operation that took too long; it has been noted. */
    static final int OVER_LIMIT = 4;

    /** The exit code of a JVM with {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int OUT_OF_MEMORY = 3;

    /** Look-ups are quick, and differ by key. */
    private static final int LOOK_UPS = 3;

    private static final int WATCH_MILLIS = 100;
    /** An operation is not repeated beyond this share of its limit. */
    private static final double REPEAT_SHARE = 0.25;

    private final ReadOptions options;
    private final ReadEngine engine;
    private final History.Totals expected;
    private final PeakMemory memory = new PeakMemory();

    public Reads(ReadOptions options, ReadEngine engine) {
        this.options = options;
        this.engine = engine;
        this.expected = options.history().totals(options.commits());
    }

    /** Runs all operations that were asked for. */
    public void run() throws Exception {
        for (Operation operation : options.operations()) {
            System.gc();
            memory.reset();
            Watch watch = new Watch(operation);
            try {
                note(operation, Outcome.DONE, repeat(operation));
            } finally {
                watch.over();
            }
        }
    }

    private List<Cost> repeat(Operation operation) throws Exception {
        List<Cost> runs = new ArrayList<>();
        double spent = 0;
        int wanted = operation == Operation.LOOK_UP ? LOOK_UPS * options.repeats() : options.repeats();
        while (runs.size() < wanted && spent < options.cpuLimit() * REPEAT_SHARE) {
            Stopwatch stopwatch = new Stopwatch();
            double share = perform(operation, runs.size());
            Cost cost = stopwatch.read();
            spent += cost.cpuSeconds();
            runs.add(cost.dividedBy(share));
        }
        return runs;
    }

    /** Returns the share of the operation that was performed. */
    private double perform(Operation operation, int run) throws Exception {
        switch (operation) {
            case SCAN -> require(operation, expected, engine.scan());
            case AGGREGATE -> require(operation, expected.amount(), engine.aggregate());
            case LOOK_UP -> {
                long id = Long.remainderUnsigned(
                        Workload.mix(run), options.history().keys());
                require(operation, 1L, engine.lookUp(id));
            }
            case SAMPLED_SCAN -> {
                return engine.sampledScan();
            }
        }
        return 1;
    }

    private static void require(Operation operation, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new IllegalStateException(
                    "Cannot trust the " + operation + ": expected " + expected + ", read " + actual);
        }
    }

    private synchronized void note(Operation operation, Outcome outcome, List<Cost> runs) throws IOException {
        ReadResult result = new ReadResult(operation, outcome, runs, memory.heapBytes(), PeakMemory.residentBytes());
        Files.writeString(
                options.events(), Json.line(result) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.println(operation + " " + outcome + " " + runs);
    }

    private final class Watch extends Thread {
        private final Operation operation;
        private final Stopwatch stopwatch = new Stopwatch();
        private volatile boolean over;

        Watch(Operation operation) {
            super("watch");
            this.operation = operation;
            setDaemon(true);
            start();
        }

        void over() {
            over = true;
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    Cost cost = stopwatch.read();
                    if (cost.cpuSeconds() > options.cpuLimit()) {
                        note(operation, Outcome.OVER_LIMIT, List.of(cost));
                        Runtime.getRuntime().halt(OVER_LIMIT);
                    }
                    Thread.sleep(WATCH_MILLIS);
                }
            } catch (IOException | InterruptedException e) {
                System.err.println("Cannot watch the " + operation + ": " + e);
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
