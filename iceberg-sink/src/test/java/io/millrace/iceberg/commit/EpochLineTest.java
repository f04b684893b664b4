package io.millrace.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EpochLineTest {

    @Test
    void newTableBeginsWithTheCheckpointsOwnNumbers() {
        EpochLine line = EpochLine.begin(0, 0);

        assertThat(line.epoch(1)).isEqualTo(1);
    }

    @Test
    void jobWithoutStateGoesOnFarBeyondWhatLanded() {
        EpochLine line = EpochLine.begin(57, 0);

        assertThat(line.rebuild()).isTrue();
        assertThat(line.epoch(1)).isGreaterThan(57 + 100_000);
    }

    @Test
    void restoredCheckpointWhoseCommitIsOutstandingGoesOn() {
        EpochLine line = EpochLine.resume(50, 56, 7);

        assertThat(line).isEqualTo(new EpochLine(50, false));
    }

    @Test
    void checkpointOlderThanTheTableRebuildsBeyondTheAbandonedLine() {
        EpochLine line = EpochLine.resume(50, 60, 7);

        assertThat(line.rebuild()).isTrue();
        assertThat(line.epoch(8)).isGreaterThan(60 + 100_000);
    }
}
