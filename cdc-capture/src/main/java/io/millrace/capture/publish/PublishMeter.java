package io.millrace.capture.publish;

/** Hears what a publisher does. Called by the publishing thread only. */
public interface PublishMeter {

    /** A shard acknowledged so many records. */
    void published(int records, int bytes);

    /** Something was rejected or timed out, and is about to be tried again. */
    void retried();
}
