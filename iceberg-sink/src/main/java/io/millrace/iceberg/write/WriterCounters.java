package io.millrace.iceberg.write;

/** Told what a writer does, so that it can be counted. */
public interface WriterCounters {

    /** A change met a row that the index knew. */
    void hit();

    /** A change met a key without row. */
    void missed();

    /** The index was brought up to what others have done. */
    void refreshed(long keys);
}
