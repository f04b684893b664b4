package io.millrace.local.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a component's log says about why it ended. */
final class LogExcerpt {

    private static final int MOST_LINES = 20;

    private LogExcerpt() {}

    /**
     * The component's own words for the user: the lines that begin with {@code Cannot}.
     *
     * @param from where in the file the run began, in bytes
     */
    static List<String> reasons(Path log, long from) {
        try {
            byte[] bytes = Files.readAllBytes(log);
            int start = (int) Math.min(from, bytes.length);
            return reasons(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return List.of();
        }
    }

    static List<String> reasons(String text) {
        return text.lines()
                .filter(line -> line.startsWith("Cannot "))
                .distinct()
                .limit(MOST_LINES)
                .toList();
    }
}
