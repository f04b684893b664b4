package io.millrace.batch.raw.land;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangeVersionTest {

    @Test
    void changesComeAfterAllRowsOfAFullLoadWhateverTheTimes() {
        String loaded = ChangeVersion.of(file("LOAD0000000A.csv.gz")).at(2_000L, 9);
        String changed =
                ChangeVersion.of(file("2024/07/29/20240729-005907686.csv")).at(1_000L, 1);

        assertThat(loaded).isLessThan(changed);
    }

    @Test
    void commitTimesDecideBeforeFilesAndFilesBeforeLines() {
        ChangeVersion first = ChangeVersion.of(file("2024/07/30/20240730-000000001.csv"));
        ChangeVersion second = ChangeVersion.of(file("2024/07/29/20240730-000000002.csv"));

        assertThat(second.at(-5L, 1)).isLessThan(first.at(7L, 1));
        assertThat(first.at(7L, 100_000)).isLessThan(second.at(7L, 1));
        assertThat(first.at(7L, 9)).isLessThan(first.at(7L, 10));
        assertThat(first.at(null, 9)).isLessThan(second.at(null, 1));
    }

    @Test
    void filesOfOneNameInTwoFoldersAreTwoFiles() {
        assertThat(ChangeVersion.of(file("a/20240730-000000001.csv")).at(7L, 1))
                .isNotEqualTo(ChangeVersion.of(file("b/20240730-000000001.csv")).at(7L, 1));
    }

    @Test
    void filesAreSelectedByPathSizeTimeAndAge() {
        Instant now = Instant.ofEpochMilli(100_000);
        LandedFile fresh = new LandedFile("20240729-2.csv", "", 1, 10);
        LandedFile load = new LandedFile("LOAD00000001.csv", "", 1, 20);
        LandedFile young = new LandedFile("20240729-3.csv", "", 1, 99_000);
        LandedFile known = new LandedFile("20240729-0.csv", "", 5, 10);
        LandedFile touched = new LandedFile("20240729-1.csv", "", 5, 11);

        Selection selection = Selection.of(
                List.of(fresh, load, young, known, touched),
                Map.of(known.path(), loaded(5, 10), touched.path(), loaded(5, 10)),
                Duration.ofSeconds(10),
                now);

        assertThat(selection.fresh()).containsExactly(load, fresh);
        assertThat(selection.young()).containsExactly(young);
        assertThat(selection.known()).containsExactly(known);
        assertThat(selection.suspect()).containsExactly(touched);
    }

    private static Selection.Loaded loaded(long bytes, long modified) {
        return new Selection.Loaded(bytes, modified, "", 3);
    }

    private static LandedFile file(String path) {
        return new LandedFile(path, "/landing/" + path, 1, 1);
    }
}
