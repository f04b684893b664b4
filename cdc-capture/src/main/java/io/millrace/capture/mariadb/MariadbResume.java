package io.millrace.capture.mariadb;

import io.millrace.capture.mariadb.MariadbFacts.Log;
import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.ResumePlan;
import io.millrace.schemas.event.BinlogPosition;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a capture of MariaDB goes on: whether the server's binary logs are the ones that it has read, and still complete. */
final class MariadbResume {
    private static final Pattern FILE = Pattern.compile("\"file\":\"([^\"]*)\"");
    private static final Pattern GTIDS = Pattern.compile("\"gtids\":\"([^\"]*)\"");

    private MariadbResume() {}

    /**
     * Decides.
     *
     * @param state what the last run left behind; null if there was none
     */
    static ResumePlan of(@Nullable CaptureState state, MariadbFacts facts) {
        if (state == null || state.offsets().isEmpty()) {
            return new ResumePlan.Snapshot("nothing was captured before", false);
        }
        String offset = String.join(" ", state.offsets().values());
        if (!hasSameLogs(state, facts)) {
            return new ResumePlan.Snapshot(
                    "the server is another one than before, or its binary logs were reset, or what was not captured yet is"
                            + " gone from them",
                    true);
        }
        return ResumePlan.isInsideSnapshot(offset) ? new ResumePlan.SnapshotBesideChanges() : new ResumePlan.Resume();
    }

    /**
     * Whether the server's logs are the ones that a state is about, and go back to where it ends. They are if it is the same
     * server, its newest log is not older than the one of the offset, and the transactions of the offset are in its logs, or
     * were so before the oldest one.
     */
    static boolean hasSameLogs(@Nullable CaptureState state, MariadbFacts facts) {
        List<Log> logs = facts.logs();
        if (state == null
                || state.offsets().isEmpty()
                || logs.isEmpty()
                || state.logs().server() != facts.serverId()) {
            return false;
        }
        String offset = String.join(" ", state.offsets().values());
        OptionalLong log = BinlogPosition.logNumber(group(FILE, offset));
        if (log.isEmpty() || log.getAsLong() > logs.get(logs.size() - 1).number()) {
            return false;
        }
        Gtids captured = Gtids.of(group(GTIDS, offset));
        return captured.isEmpty()
                ? log.getAsLong() >= logs.get(0).number()
                : facts.gtids().cover(captured) && captured.cover(logs.get(0).before());
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }
}
