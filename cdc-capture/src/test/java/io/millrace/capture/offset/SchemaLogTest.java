package io.millrace.capture.offset;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.storage.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchemaLogTest {
    private final Map<String, byte[]> objects = new HashMap<>();
    private final ObjectStore store = new ObjectStore() {
        @Override
        public byte @Nullable [] read(String name) {
            return objects.get(name);
        }

        @Override
        public void write(String name, byte[] content) {
            objects.put(name, content);
        }

        @Override
        public String address(String name) {
            return name;
        }
    };

    @Test
    void nextRunFindsWhatWasFlushedAndGoesOnBehindIt() {
        SchemaLog log = SchemaLog.open(store, "tables/1");
        assertThat(log.isEmpty()).isTrue();
        log.append("one ü");
        log.flush();
        log.append("lost with the process");

        SchemaLog next = SchemaLog.open(store, "tables/1");
        assertThat(next.lines()).containsExactly("one ü");
        next.append("two");
        next.flush();
        assertThat(SchemaLog.open(store, "tables/1").lines()).containsExactly("one ü", "two");
        assertThat(SchemaLog.open(store, "tables/2").isEmpty()).isTrue();
    }

    @Test
    void longLogsAreWrittenInParts() {
        SchemaLog log = SchemaLog.open(store, "tables/1");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lines.add(i + "x".repeat(20_000));
            log.append(lines.get(i));
        }
        assertThat(log.lines()).isEqualTo(lines);
        log.flush();

        assertThat(objects).hasSizeBetween(5, 10);
        assertThat(objects.values()).allMatch(part -> part.length < 300_000);
        assertThat(SchemaLog.open(store, "tables/1").lines()).isEqualTo(lines);
    }
}
