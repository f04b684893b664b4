package io.millrace.stream.volume;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import java.time.Instant;
import java.util.Locale;

/** Breaches of volume rules as dead letters or reports: without a record, as none is to blame. */
public final class VolumeLetters {

    private VolumeLetters() {}

    /** Tells of a breach; the same one has the same id whenever it is found. */
    public static DeadLetter of(VolumeWatch.Breach breach, Rule.Volume rule) {
        boolean few = breach.volume() == Volume.TOO_FEW;
        Instant minute = Instant.ofEpochMilli(breach.minuteMillis());
        double bound = (few ? rule.tooFew() : rule.tooMany()) * breach.average();
        String reason = String.format(
                Locale.ROOT,
                "The table had %,d changes in the minute %s: too %s, as rule volume wants at %s %,d (the %d minutes before had"
                        + " %,.1f on average)",
                breach.changes(),
                minute,
                few ? "few" : "many",
                few ? "least" : "most",
                (long) (few ? Math.ceil(bound) : Math.floor(bound)),
                rule.window().toMinutes(),
                breach.average());
        return new DeadLetter(
                "volume/" + breach.table() + "/" + minute + "/" + (few ? "too-few" : "too-many"),
                DeadLetterCode.UNUSUAL_VOLUME,
                reason,
                Account.of(breach.table()).source(),
                breach.table(),
                null,
                null,
                breach.minuteMillis() * 1000,
                null,
                (breach.minuteMillis() + MinuteCounts.MINUTE_MILLIS) * 1000,
                null,
                rule.action() == Rule.Action.REPORT ? Review.REPORTED : Review.FIRST);
    }
}
