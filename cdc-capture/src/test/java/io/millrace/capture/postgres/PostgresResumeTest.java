package io.millrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.ResumePlan;
import io.millrace.capture.offset.ResumePlan.Resume;
import io.millrace.capture.offset.ResumePlan.Snapshot;
import io.millrace.capture.postgres.SourceFacts.Publication;
import io.millrace.capture.postgres.SourceFacts.Slot;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PostgresResumeTest {
    private static final Set<String> TABLES = Set.of("public.item");
    private static final String STREAMED =
            "{\"lsn_proc\":500,\"messageType\":\"UPDATE\",\"lsn_commit\":490,\"lsn\":500,\"txId\":7}";

    private static final String UNFINISHED = "{\"lsn\":400,\"snapshot\":\"INITIAL\",\"snapshot_completed\":false}";

    @Test
    void goesOnWhereTheSlotIsNotPastTheOffset() {
        assertThat(plan(STREAMED, new Slot(0, 500, false))).isInstanceOf(Resume.class);
    }

    @Test
    void firstRunTakesASnapshot() {
        assertThat(PostgresResume.of(null, facts(null, null)))
                .isEqualTo(new Snapshot("nothing was captured before", false));
    }

    @Test
    void runThatEndedInsideItsSnapshotGoesOnWithTheChangesSince() {
        assertThat(plan(UNFINISHED, new Slot(0, 400, false))).isEqualTo(new ResumePlan.SnapshotBesideChanges());
    }

    @Test
    void withoutItsSlotAnUnfinishedSnapshotMayHaveLeftRowsThatAreDeleted() {
        assertThat(((Snapshot) plan(UNFINISHED, null)).incomplete()).isTrue();
    }

    @Test
    void completedSnapshotIsNotTakenAgain() {
        assertThat(plan("{\"lsn\":400,\"snapshot\":\"INITIAL\",\"snapshot_completed\":true}", new Slot(0, 400, false)))
                .isInstanceOf(Resume.class);
    }

    @Test
    void lostSlotMeansChangesMayBeMissing() {
        assertThat(((Snapshot) plan(STREAMED, null)).incomplete()).isTrue();
        assertThat(((Snapshot) plan(STREAMED, new Slot(0, 500, true))).incomplete())
                .isTrue();
    }

    @Test
    void slotPastTheOffsetMeansChangesMayBeMissing() {
        assertThat(((Snapshot) plan(STREAMED, new Slot(0, 501, false))).incomplete())
                .isTrue();
    }

    @Test
    void lostPublicationMeansChangesMayBeMissing() {
        assertThat(planAs(STREAMED, facts(new Slot(0, 500, false), null)))
                .isEqualTo(new Snapshot("the publication is gone, and with it the changes since the last run", true));
    }

    private static ResumePlan plan(String offset, @Nullable Slot slot) {
        return planAs(offset, facts(slot, new Publication(true, false, true, Set.of())));
    }

    private static ResumePlan planAs(String offset, SourceFacts facts) {
        return PostgresResume.of(new CaptureState(1, 400, 1, TABLES, Map.of("key", offset), Map.of()), facts);
    }

    private static SourceFacts facts(@Nullable Slot slot, @Nullable Publication publication) {
        return new SourceFacts("app", "logical", true, true, 10, 1, slot, publication, Map.of());
    }
}
