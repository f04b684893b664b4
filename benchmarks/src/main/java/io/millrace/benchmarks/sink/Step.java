package io.millrace.benchmarks.sink;

/**
 * One measurement, which leaves a result file.
 *
 * @param title what it is, for the one who waits
 * @param weight how long it takes, compared with the others; a guess, for the time left
 */
record Step(String title, double weight, Body body) {

    /** Does it, or finds that it has been done. */
    @FunctionalInterface
    interface Body {
        /** Returns whether there was anything to do. */
        boolean run() throws Exception;
    }
}
