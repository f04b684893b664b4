package io.millrace.iceberg.index;

/**
 * Hands out file numbers that no other subtask hands out: each takes every n-th. After a restore all begin above every
 * number ever kept, so that a rescaled job cannot use one twice.
 */
public final class FileNumbers {
    private final int stride;
    private long next;

    /**
     * Begins above the numbers in use.
     *
     * @param above the numbers below this one are in use
     * @param subtask this subtask's index
     * @param parallelism the number of subtasks
     */
    public FileNumbers(long above, int subtask, int parallelism) {
        this.stride = parallelism;
        this.next = above + subtask;
    }

    public long take() {
        long taken = next;
        next += stride;
        return taken;
    }

    /** No number at or above this one has been handed out by this subtask. */
    public long bound() {
        return next;
    }
}
