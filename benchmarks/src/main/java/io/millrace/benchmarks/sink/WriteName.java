package io.millrace.benchmarks.sink;

/** The names of the results of writes. */
final class WriteName {
    private WriteName() {}

    /**
     * A write's name.
     *
     * @param where {@code local}, {@code large} for large commits on the local disk, or {@code s3}
     */
    static String of(String where, Workload workload, Contender contender) {
        return "write-" + where + "-" + workload.label() + "-" + contender.label();
    }
}
