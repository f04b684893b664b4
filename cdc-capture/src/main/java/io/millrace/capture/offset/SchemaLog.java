package io.millrace.capture.offset;

import io.millrace.capture.storage.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the tables of a source looked like, change by change, as lines in object storage. Safe for use by several threads.
 *
 * <p>Objects cannot be added to, so the lines are in chunks: {@code NAME-0001.jsonl} and so on, of which only the last is
 * written again. What is appended is durable after {@link #flush}, which must come before the offsets that rely on it; whoever
 * dies between the two reads the same changes again, and appends their lines once more, which say nothing new.
 */
public final class SchemaLog {
    private static final int CHUNK_BYTES = 256 << 10;

    private final ObjectStore store;
    private final String name;
    private final StringBuilder last = new StringBuilder();
    private int number = 1;
    private boolean unwritten;

    private SchemaLog(ObjectStore store, String name) {
        this.store = store;
        this.name = name;
    }

    /** Opens a log, which may be a new one, behind its last line. */
    public static SchemaLog open(ObjectStore store, String name) {
        SchemaLog log = new SchemaLog(store, name);
        while (true) {
            byte[] next = store.read(log.chunk(log.number + 1));
            if (next == null) {
                byte[] newest = store.read(log.chunk(log.number));
                log.last.append(newest == null ? "" : new String(newest, StandardCharsets.UTF_8));
                return log;
            }
            log.number++;
        }
    }

    /** Whether there is no line. */
    public synchronized boolean isEmpty() {
        return number == 1 && last.isEmpty();
    }

    /** All lines, in order. */
    public synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i < number; i++) {
            byte[] chunk = store.read(chunk(i));
            if (chunk == null) {
                throw new IllegalStateException(
                        "Cannot find a part of the tables' history: " + store.address(chunk(i)));
            }
            new String(chunk, StandardCharsets.UTF_8).lines().forEach(lines::add);
        }
        last.toString().lines().forEach(lines::add);
        return lines;
    }

    /** Adds a line, which has no line break. */
    public synchronized void append(String line) {
        if (last.length() > CHUNK_BYTES) {
            flush();
            number++;
            last.setLength(0);
        }
        last.append(line).append('\n');
        unwritten = true;
    }

    /** Makes durable what was appended. */
    public synchronized void flush() {
        if (unwritten) {
            store.write(chunk(number), last.toString().getBytes(StandardCharsets.UTF_8));
            unwritten = false;
        }
    }

    private String chunk(int of) {
        return String.format(Locale.ROOT, "%s-%04d.jsonl", name, of);
    }
}
