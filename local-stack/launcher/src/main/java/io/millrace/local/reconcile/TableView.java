package io.millrace.local.reconcile;

import java.util.function.Consumer;

/**
 * A table as it was at one moment, however long it is read: a snapshot of a database, of an Iceberg table, of an index.
 * Failures are {@link ReconcileProblem}s. Used by one thread at a time.
 */
interface TableView extends AutoCloseable {

    /** About how many rows there are; of a table of which nothing is known, 0. */
    long estimatedRows();

    /**
     * Gives every row of some buckets once, in no order; if a side holds a row twice, it gives it twice. May give rows of
     * other buckets too.
     */
    void scan(BucketSet buckets, Consumer<ComparedRow> rows);

    /** The checksums of all rows, computed as near to the data as the side can. */
    BucketChecksums checksums(Buckets buckets);

    /** What this view is of, for the report, such as an LSN; nothing in it needs to be understood. */
    String moment();

    @Override
    void close();
}
