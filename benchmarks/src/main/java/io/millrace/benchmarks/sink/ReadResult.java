package io.millrace.benchmarks.sink;

import io.millrace.benchmarks.measure.Cost;
import java.util.List;

/**
 * What an operation of a reader took.
 *
 * @param runs each repetition; each look-up is of another key. Of a reader that was stopped, what it took until then
 * @param heapBytes the most heap in use after a garbage collection
 * @param residentBytes the most physical memory of the process up to the end of the operation
 */
public record ReadResult(Operation operation, Outcome outcome, List<Cost> runs, long heapBytes, long residentBytes) {

    /** What is read. */
    public enum Operation {
        SCAN,
        AGGREGATE,
        LOOK_UP,
        /** A scan of some of the files, its cost scaled up to all: for a scan that takes too long. */
        SAMPLED_SCAN
    }

    /** How it ended. */
    public enum Outcome {
        DONE,
        /** Stopped after so much processor time. */
        OVER_LIMIT,
        /** The heap was too small. */
        OUT_OF_MEMORY
    }
}
