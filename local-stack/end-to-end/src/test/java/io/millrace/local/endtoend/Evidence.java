package io.millrace.local.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** All that a pipeline has said, by where it was found, to be searched. */
final class Evidence {
    /** The servers' own files, in which the source's rows lie in clear by their nature; Flink's programs and state; the key. */
    private static final Set<String> STORES =
            Set.of("postgres", "kinesis", "kafka", "s3", "opensearch", "flink", "masking.key");

    private final Map<String, String> texts = new LinkedHashMap<>();

    void add(String where, String text) {
        texts.put(where, text.toLowerCase(Locale.ROOT));
    }

    /** Adds every file below a stack's directory that is not in a server's store: logs, descriptions, reports. */
    void addFiles(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!isStored(home.relativize(file))) {
                    // A character for each byte: texts of ASCII are found in any file.
                    add(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    private static boolean isStored(Path file) {
        for (Path part : file) {
            if (STORES.contains(part.toString())) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return texts.size();
    }

    /** Where a text occurs, whatever its case, each place with what stands around it. */
    List<String> of(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        List<String> places = new ArrayList<>();
        texts.forEach((where, content) -> {
            int at = content.indexOf(wanted);
            if (at >= 0) {
                places.add(where + ": …"
                        + content.substring(Math.max(0, at - 80), Math.min(content.length(), at + wanted.length() + 80))
                        + "…");
            }
        });
        return places;
    }
}
