package io.millrace.benchmarks.reconcile;

/** Where rows are. */
enum Place {
    SOURCE,
    ICEBERG,
    OPENSEARCH
}
