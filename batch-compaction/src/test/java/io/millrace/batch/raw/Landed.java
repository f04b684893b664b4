package io.millrace.batch.raw;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** Random files as DMS writes them: a full load, then a file for each transaction; and the state that they must give. */
final class Landed {
    private static final int KEYS = 400;

    private final Path folder;
    private final Random random;
    private final Map<Long, String> state = new TreeMap<>();
    private final List<Path> hidden = new ArrayList<>();
    private long lines;
    private long broken;
    private long micros;

    Landed(Path folder, Random random) {
        this.folder = folder;
        this.random = random;
    }

    /** Writes files, and hides them until they are delivered. */
    void write(int files) throws IOException {
        StringBuilder load = new StringBuilder("committed,id,status,amount\n");
        for (long id = 0; id < KEYS / 2; id++) {
            // A full load's times are later than those of changes that were committed meanwhile.
            load.append("2024-12-31 00:00:00.000000,").append(id).append(",loaded,1.00\n");
            state.put(id, "loaded|1.00|-");
            lines++;
        }
        hide("LOAD00000001.csv", load.toString());
        for (int number = 1; number < files; number++) {
            boolean wide = number > files / 2;
            StringBuilder text = new StringBuilder(
                    wide ? "Op,committed,note,id,status,amount\n" : "Op,committed,id,status,amount\n");
            micros += random.nextInt(3);
            int changes = 1 + random.nextInt(4);
            for (int i = 0; i < changes; i++) {
                change(text, wide);
            }
            hide("2024/07/%02d/20240729-%09d.csv".formatted(1 + number % 28, number), text.toString());
        }
        Collections.shuffle(hidden, random);
    }

    private void change(StringBuilder text, boolean wide) {
        lines++;
        if (random.nextInt(40) == 0) {
            broken++;
            text.append("I,2024-07-29 00:00:00.000000,")
                    .append(wide ? "note,x" : "x")
                    .append(",status,1.00\n");
            return;
        }
        long id = random.nextInt(KEYS);
        String time = "2024-07-29 00:00:%02d.%06d".formatted(micros / 1_000_000, micros % 1_000_000);
        boolean delete = random.nextInt(5) == 0;
        String status =
                List.of("open", "paid, in part", "sent \"fast\"", "two\nlines").get(random.nextInt(4));
        String amount = "%d.%02d".formatted(random.nextInt(1_000_000), random.nextInt(100));
        String note = "note " + random.nextInt(100);
        text.append(delete ? 'D' : state.containsKey(id) ? 'U' : 'I')
                .append(',')
                .append(time)
                .append(',');
        if (wide) {
            text.append(delete ? "NULL" : note).append(',');
        }
        text.append(id).append(',');
        text.append(delete ? "NULL,NULL" : '"' + status.replace("\"", "\"\"") + "\"," + amount)
                .append('\n');
        if (delete) {
            state.remove(id);
        } else {
            state.put(id, status + "|" + amount + "|" + (wide ? note : "-"));
        }
    }

    private void hide(String path, String text) throws IOException {
        boolean compressed = random.nextBoolean();
        Path file = folder.resolve(path + (compressed ? ".gz.hidden" : ".hidden"));
        Files.createDirectories(file.getParent());
        Files.write(file, compressed ? gzip(text) : text.getBytes(StandardCharsets.UTF_8));
        hidden.add(file);
    }

    /** Lets so many more files appear, in any order. */
    void deliver(int files) throws IOException {
        for (int i = 0; i < files && !hidden.isEmpty(); i++) {
            Path file = hidden.remove(hidden.size() - 1);
            Files.move(file, file.resolveSibling(file.getFileName().toString().replace(".hidden", "")));
        }
    }

    Map<Long, String> state() {
        return state;
    }

    long lines() {
        return lines;
    }

    long broken() {
        return broken;
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
