package io.millrace.batch.compact.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowOriginsTest {

    record Origin(int input, long position) {}

    @Test
    void originsAreReadAsTheyWereWritten() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Origin> origins = new ArrayList<>();
        for (int row = 0; row < 10_000; row++) {
            origins.add(new Origin(random.nextInt(300), random.nextLong() >>> random.nextInt(1, 63)));
        }

        assertThat(read(write(origins, 300), 300, origins.size()))
                .as("seed %d", seed)
                .isEqualTo(origins);
    }

    @Test
    void inputsThatWereSortedTakeLittleMoreThanAByteARow() throws IOException {
        List<Origin> origins = new ArrayList<>();
        for (int row = 0; row < 100_000; row++) {
            origins.add(new Origin(row % 7, row / 7));
        }

        assertThat(write(origins, 7).length).isLessThan(100_000);
    }

    @Test
    void originsThatEndTooEarlyAreRefused() throws IOException {
        byte[] bytes = write(List.of(new Origin(0, 5), new Origin(1, 6)), 2);

        assertThatThrownBy(() -> read(bytes, 2, 3))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("end before");
    }

    @Test
    void originsThatGoOnAreRefused() throws IOException {
        byte[] bytes = write(List.of(new Origin(0, 5), new Origin(1, 6)), 2);

        assertThatThrownBy(() -> read(bytes, 2, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("go on");
    }

    private static byte[] write(List<Origin> origins, int inputs) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RowOrigins.Writer writer = new RowOrigins.Writer(bytes, inputs)) {
            for (Origin origin : origins) {
                writer.add(origin.input(), origin.position());
            }
        }
        return bytes.toByteArray();
    }

    private static List<Origin> read(byte[] bytes, int inputs, long rows) throws IOException {
        List<Origin> origins = new ArrayList<>();
        RowOrigins.read(new ByteArrayInputStream(bytes), inputs, rows, (row, input, position) -> {
            assertThat(row).isEqualTo(origins.size());
            origins.add(new Origin(input, position));
        });
        return origins;
    }
}
