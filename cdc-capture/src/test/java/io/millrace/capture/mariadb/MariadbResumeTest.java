package io.millrace.capture.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.mariadb.MariadbFacts.Log;
import io.millrace.capture.offset.BinlogLogs;
import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.ResumePlan;
import io.millrace.capture.offset.ResumePlan.Resume;
import io.millrace.capture.offset.ResumePlan.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MariadbResumeTest {
    private static final String OFFSET =
            "{\"ts_sec\":1,\"file\":\"mariadb-bin.000009\",\"pos\":330,\"gtids\":\"0-1-17\",\"server_id\":1}";

    @Test
    void logsThatGoOnAreReadOn() {
        assertThat(plan(OFFSET, facts(1, "0-1-40", "0-1-10", 7, 11))).isInstanceOf(Resume.class);
        assertThat(plan(OFFSET, facts(1, "0-1-17", "0-1-17", 9, 9))).isInstanceOf(Resume.class);
    }

    /** The number after 000009 is greater although its text may not be. */
    @Test
    void logNumbersAreNumbers() {
        assertThat(plan(OFFSET.replace("000009", "999999"), facts(1, "0-1-40", "0-1-10", 999_999, 1_000_000)))
                .isInstanceOf(Resume.class);
    }

    @Test
    void nothingCapturedBeforeIsASnapshotThatLacksNothing() {
        assertThat(MariadbResume.of(null, facts(1, "", "", 1, 1)))
                .isEqualTo(new Snapshot("nothing was captured before", false));
    }

    @Test
    void unfinishedSnapshotIsGoneOnFrom() {
        String unfinished = OFFSET.replace("{", "{\"snapshot\":\"INITIAL\",");

        assertThat(plan(unfinished, facts(1, "0-1-40", "0-1-10", 7, 11)))
                .isEqualTo(new ResumePlan.SnapshotBesideChanges());
        assertThat(plan(unfinished, facts(2, "0-1-40", "0-1-10", 7, 11))).isInstanceOf(Snapshot.class);
    }

    @Test
    void logsThatAreNotThoseOfTheOffsetAreASnapshotThatMayLackChanges() {
        assertThat(List.of(
                        plan(OFFSET, facts(2, "0-1-40", "0-1-10", 7, 11)), // another server
                        plan(OFFSET, facts(1, "0-1-40", "0-1-18", 10, 11)), // purged
                        plan(OFFSET, facts(1, "0-1-3", "", 1, 1)), // reset
                        plan(OFFSET, facts(1, "0-1-40", "", 1, 3)), // reset, and many transactions since
                        plan(OFFSET, facts(1, "0-1-16", "0-1-10", 7, 9)), // restored from a backup
                        plan(OFFSET, facts(1, "2-1-40", "", 7, 11)))) // another domain
                .allSatisfy(plan -> assertThat(plan)
                        .isInstanceOfSatisfying(
                                Snapshot.class,
                                snapshot -> assertThat(snapshot.incomplete()).isTrue()));
    }

    @Test
    void numberingOfOtherLogsBeginsBehindAllThatWasUsed() {
        BinlogLogs used = BinlogLogs.NONE.followedBy(1, 7).reserving(9);
        assertThat(used.base()).isZero();
        assertThat(used.reserved()).isGreaterThanOrEqualTo(9);

        BinlogLogs next = used.followedBy(2, 1);
        assertThat(next.base() + 1).isGreaterThan(used.reserved());
        assertThat(next.followedBy(1, 5_000).base()).isEqualTo(next.base());
    }

    private static ResumePlan plan(String offset, MariadbFacts facts) {
        return MariadbResume.of(
                new CaptureState(
                        1,
                        0,
                        1,
                        Set.of("shop.item"),
                        Map.of("key", offset),
                        Map.of(),
                        Set.of(),
                        new BinlogLogs(1, 0, 25)),
                facts);
    }

    private static MariadbFacts facts(long server, String gtids, String before, long first, long last) {
        List<Log> logs = new ArrayList<>();
        for (long number = first; number <= last; number++) {
            logs.add(new Log(
                    "mariadb-bin.%06d".formatted(number), number, number == first ? Gtids.of(before) : Gtids.of("")));
        }
        return new MariadbFacts(
                "millrace@%",
                "11.4.5-MariaDB-log", server, Map.of(), Set.of(), Set.of(), logs, Gtids.of(gtids), Map.of());
    }
}
