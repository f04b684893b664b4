package io.millrace.capture.offset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's offsets in a {@link StateJournal}.
 *
 * <p>Debezium makes this object by its class name, so the journal is handed over by the name in {@value #JOURNAL}.
 */
public final class JournaledOffsets extends MemoryOffsetBackingStore {
    /** The setting that names the journal. */
    public static final String JOURNAL = "offset.storage.millrace.journal";

    private static final Map<String, StateJournal> JOURNALS = new ConcurrentHashMap<>();

    private @Nullable StateJournal journal;

    /** Hands a journal over to the engine that is about to start. */
    public static void offer(String name, StateJournal journal) {
        JOURNALS.put(name, journal);
    }

    @Override
    public void configure(WorkerConfig config) {
        super.configure(config);
        String name = config.originalsStrings().get(JOURNAL);
        journal = name == null ? null : JOURNALS.get(name);
        if (journal == null) {
            throw new IllegalStateException("Cannot find journal of offsets: " + name);
        }
    }

    @Override
    public synchronized void start() {
        super.start();
        journal().offsets().forEach((key, value) -> data.put(bytes(key), bytes(value)));
    }

    /** Runs before Debezium hears that its offsets are kept, and so before the slot moves on. */
    @Override
    protected void save() {
        Map<String, String> offsets = new HashMap<>();
        data.forEach((key, value) -> {
            if (value != null) {
                offsets.put(text(key), text(value));
            }
        });
        journal().writeOffsets(offsets);
    }

    /** Asked by Connect's own REST interface only, which an embedded engine has not. */
    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }

    private StateJournal journal() {
        if (journal == null) {
            throw new IllegalStateException("Cannot keep offsets before configure()");
        }
        return journal;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
