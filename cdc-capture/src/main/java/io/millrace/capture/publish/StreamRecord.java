package io.millrace.capture.publish;

/**
 * A change on its way to the stream.
 *
 * @param partitionKey says which changes stay in order: all of one partition key
 * @param data the payload, not to be changed
 */
public record StreamRecord(String partitionKey, byte[] data) {

    /** Names sizes only: row contents do not belong in logs. */
    @Override
    public String toString() {
        return "StreamRecord[" + data.length + " bytes]";
    }
}
