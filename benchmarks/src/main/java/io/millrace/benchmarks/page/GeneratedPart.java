package io.millrace.benchmarks.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a Markdown page that a benchmark writes anew, between {@code <!-- TOPIC:begin, generated -->} and {@code <!-- TOPIC:end -->}.
 * What stands around it is left alone.
 *
 * @param topic the part's name
 */
public record GeneratedPart(String topic) {

    /** Replaces the part in a page; adds it at the end of a page that has none. */
    public String replaceIn(String page, String text) {
        String begin = "<!-- " + topic + ":begin, generated -->";
        String end = "<!-- " + topic + ":end -->";
        String part = begin + "\n" + text.strip() + "\n" + end;
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            return page.stripTrailing() + (page.isBlank() ? "" : "\n\n") + part + "\n";
        }
        return page.substring(0, from) + part + page.substring(to + end.length());
    }

    /** Replaces the part in a file, which is made if need be. */
    public void write(Path file, String text) throws IOException {
        String page = Files.exists(file) ? Files.readString(file) : "";
        Files.writeString(file, replaceIn(page, text));
    }
}
