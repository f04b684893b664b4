package io.millrace.batch.compact.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestRangesTest {
    @Test
    void neighboursStandTogetherAndManifestsTakeAboutAsMuch() {
        Map<String, Integer> ranges = ManifestRanges.of(List.of("a", "a", "a", "b", "c", "c", "d", "e"), 2);

        assertThat(ranges).isEqualTo(Map.of("a", 0, "b", 0, "c", 1, "d", 1, "e", 1));
    }

    @Test
    void aPartitionIsListedInOnePlace() {
        assertThat(ManifestRanges.of(List.of("a", "a", "a", "a"), 3)).isEqualTo(Map.of("a", 0));
    }

    @Test
    void noPartitionsNeedNoManifest() {
        assertThat(ManifestRanges.of(List.<String>of(), 3)).isEmpty();
    }
}
