package io.millrace.local.deadletter;

import io.millrace.schemas.replay.ReplayRequest;
import io.millrace.schemas.replay.ReplayRequest.Action;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends decisions about dead letters to the job, and sees what becomes of them. */
public final class Review {
    /** The outcome of what shows none yet. */
    public static final String OPEN = "no outcome yet";

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final LetterStore store;
    private final Clock clock;

    public Review(LetterStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What was sent.
     *
     * @param letters the dead letters that were decided about
     * @param withoutRecord those that cannot be replayed, as their records are not kept
     */
    public record Sent(List<Letter> letters, List<Letter> withoutRecord) {}

    /** Sends a decision about dead letters. */
    public Sent send(List<Letter> letters, Action action, String by, @Nullable String note, ReplayStream stream) {
        Map<String, byte[]> records = action == Action.REPLAY ? store.records(letters) : Map.of();
        Instant now = clock.instant();
        List<Letter> decided = new ArrayList<>();
        List<Letter> withoutRecord = new ArrayList<>();
        List<ReplayRequest> requests = new ArrayList<>();
        for (Letter letter : letters) {
            byte[] record = action == Action.REPLAY ? records.get(letter.id()) : new byte[0];
            if (record == null) {
                withoutRecord.add(letter);
            } else {
                decided.add(letter);
                requests.add(new ReplayRequest(letter.decide(action, by, now, note), record));
            }
        }
        stream.send(requests);
        return new Sent(decided, withoutRecord);
    }

    /** Waits until the tables show what has become of the letters; the result has the number of each outcome. */
    public Map<String, Long> await(Sent sent, Duration patience) throws InterruptedException {
        Map<String, Letter> before = new HashMap<>();
        sent.letters().forEach(letter -> before.put(letter.id(), letter));
        Instant deadline = clock.instant().plus(patience);
        Set<String> open = new HashSet<>(before.keySet());
        Map<String, Long> outcomes = new HashMap<>();
        while (true) {
            for (Letter letter : store.read(row -> open.contains(row.id()))) {
                if (!letter.equals(before.get(letter.id()))) {
                    open.remove(letter.id());
                    outcomes.merge(outcome(letter), 1L, Long::sum);
                }
            }
            if (open.isEmpty() || clock.instant().isAfter(deadline)) {
                break;
            }
            Thread.sleep(PAUSE.toMillis());
        }
        if (!open.isEmpty()) {
            outcomes.put(OPEN, (long) open.size());
        }
        return outcomes;
    }

    private static String outcome(Letter letter) {
        return letter.state().equals("new")
                ? "refused again, " + letter.code()
                : letter.outcome() == null ? letter.state() : letter.outcome();
    }
}
