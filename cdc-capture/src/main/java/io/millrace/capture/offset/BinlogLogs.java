package io.millrace.capture.offset;

/**
 * How a source's binary logs are numbered in positions: a log's own number and a base, which is raised whenever the numbers
 * of a server's logs cannot be relied on to go on where the last ones ended, so that positions never fall.
 *
 * @param server the server's {@code server_id}; 0 before any
 * @param base what is added to a log's own number
 * @param reserved the highest sum that a position on the stream may have
 */
public record BinlogLogs(long server, long base, long reserved) {
    /** Before any log was read. */
    public static final BinlogLogs NONE = new BinlogLogs(0, 0, 0);

    /** So many logs are reserved at once: each time costs a write of the state. */
    private static final int AHEAD = 16;

    /** The same logs go on. */
    public BinlogLogs goingOn(long ofServer) {
        return new BinlogLogs(ofServer, base, reserved);
    }

    /**
     * Other logs follow: all of their positions are beyond all before.
     *
     * @param first the own number of the first log that may be read
     */
    public BinlogLogs followedBy(long ofServer, long first) {
        return new BinlogLogs(ofServer, Math.max(base, reserved + 1 - first), reserved);
    }

    /** The same with room for a log. */
    public BinlogLogs reserving(long log) {
        return log <= reserved ? this : new BinlogLogs(server, base, log + AHEAD);
    }
}
