package io.millrace.local.demo.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * Where the demo writes to. On a terminal the last block stays below everything else and is drawn over; elsewhere a
 * line is written every few seconds. Thread-safe.
 */
public final class Screen {
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    private static final String UP = "\033[%sA";
    private static final String CLEAR_BELOW = "\033[J";

    private final PrintWriter out;
    private final boolean terminal;
    private int blockHeight;
    private long lastLineNanos;

    /**
     * @param terminal whether lines can be drawn over
     */
    public Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Writes a line that stays. */
    public synchronized void say(String line) {
        eraseBlock();
        out.println(line);
        out.flush();
    }

    /** Shows how far everything is. */
    public synchronized void show(Dashboard dashboard, Figures figures, long nanos) {
        if (terminal) {
            List<String> block = dashboard.block(figures);
            eraseBlock();
            block.forEach(out::println);
            blockHeight = block.size();
        } else if (lastLineNanos == 0 || nanos - lastLineNanos >= LINE_EVERY.toNanos()) {
            lastLineNanos = nanos;
            out.println(dashboard.line(figures));
        }
        out.flush();
    }

    /** Leaves the block where it is; the next one is drawn below. */
    public synchronized void keepBlock() {
        if (blockHeight > 0) {
            out.println();
        }
        blockHeight = 0;
        lastLineNanos = 0;
        out.flush();
    }

    private void eraseBlock() {
        if (blockHeight > 0) {
            out.print(UP.formatted(blockHeight));
            out.print("\r" + CLEAR_BELOW);
            blockHeight = 0;
        }
    }
}
