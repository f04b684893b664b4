package io.millrace.batch.compact.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.compact.policy.FileSizes.Expected;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSizesTest {
    private static final long MB = 1L << 20;
    private static final long TARGET = 128 * MB;
    private static final long ROW = 1000;

    @ParameterizedTest(name = "{0} MB, judged {1} times too large, told {2} times too large")
    @CsvSource({
        "10, 1, 1",
        "128, 1, 1",
        "159, 1, 1",
        "165, 1, 1",
        "200, 1, 1",
        "206, 1, 1",
        "300, 1, 1",
        "330, 1, 1",
        "1000, 1, 1",
        "1024, 3, 1",
        "1024, 0.5, 1",
        "640, 1, 1.1",
        "640, 5, 1.1",
        "2000, 2, 0.95"
    })
    void allFilesButTheLastAreNearTheTarget(long megabytes, double judged, double told) {
        List<Long> files = write(megabytes * MB / ROW, judged, told);

        assertThat(files.subList(0, files.size() - 1))
                .allSatisfy(bytes -> assertThat(bytes / (double) TARGET).isBetween(0.75, 1.25));
        assertThat(files.get(files.size() - 1)).isLessThanOrEqualTo(Math.round(TARGET * 1.26));
    }

    @Test
    void moreThanOneAndAHalfTargetsLeaveNoSmallFile() {
        assertThat(write(205 * MB / ROW, 1, 1)).hasSize(2).allMatch(bytes -> bytes > TARGET / 4 * 3);
        assertThat(write(500 * MB / ROW, 1, 1)).hasSize(4).allMatch(bytes -> bytes > TARGET / 4 * 3);
    }

    @Test
    void whatIsNotExpectedIsWrittenAllTheSame() {
        FileSizes sizes = new FileSizes(TARGET, new Expected(0, 0));

        assertThat(sizes.limit()).isBetween(TARGET, TARGET / 4 * 5);
    }

    /** Writes rows of one size as a writer would that tells a wrong length. */
    private static List<Long> write(long rows, double judged, double told) {
        FileSizes sizes = new FileSizes(TARGET, new Expected(rows, Math.round(rows * ROW * judged)));
        List<Long> files = new ArrayList<>();
        long left = rows;
        while (left > 0) {
            long limit = sizes.limit();
            long count = Math.min(left, (long) Math.ceil(limit / (ROW * told)));
            sizes.closed(count, count * ROW, Math.round(count * ROW * told));
            files.add(count * ROW);
            left -= count;
        }
        return files;
    }
}
