package io.millrace.capture.publish;

import java.util.Collection;

/**
 * Puts records on a stream: every record at least once, and the records of a partition key in the order of the calls.
 *
 * <p>For use by one thread.
 */
public interface Publisher extends AutoCloseable {

    /**
     * Returns when the stream has acknowledged every record; tries for as long as it takes.
     *
     * @throws StreamRefusedException if the stream refuses the records for good; some of them may be on it
     */
    void publish(Collection<StreamRecord> records) throws InterruptedException;

    /** How many bytes a record's data and its partition key, in UTF-8, may have together. */
    int recordLimit();

    @Override
    void close();
}
