package io.millrace.local.reconcile;

import io.millrace.local.deadletter.ReplayStream;
import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.replay.RepairRequest;
import io.millrace.schemas.replay.RowReading;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows that differ in their source once more, and sends them through the pipeline, whose sequence step decides: what
 * is newer there stays. See docs/decisions/0022-reconciliation-by-checksums.md.
 */
final class Repair {
    private final TableRoute route;
    private final SourceTable source;
    private final ReplayStream stream;
    private final RecordSeal seal;
    private final Clock clock;

    /**
     * What a repair has done.
     *
     * @param sent rows that are on their way
     * @param notSent why others are not, by their keys in words
     */
    record Sent(int sent, List<String> notSent) {}

    Repair(TableRoute route, SourceTable source, ReplayStream stream, RecordSeal seal, Clock clock) {
        this.route = route;
        this.source = source;
        this.stream = stream;
        this.seal = seal;
        this.clock = clock;
    }

    /**
     * Sends rows.
     *
     * @param differences the rows, which may differ in several targets
     * @param versions the greatest version that a target holds of a row, by the row's id
     */
    Sent send(List<Difference> differences, Map<String, Long> versions) {
        Map<String, List<String>> keysById = new LinkedHashMap<>();
        List<String> notSent = new ArrayList<>();
        for (Difference difference : differences) {
            if (difference.kind() == Difference.Kind.DUPLICATE) {
                notSent.add(
                        words(difference.key(), "the target has it twice; take one away, as no key tells them apart"));
            } else {
                keysById.put(source.table().id(difference.key()), difference.key());
            }
        }
        if (keysById.isEmpty()) {
            return new Sent(0, notSent);
        }
        SourceTable.Reading reading = source.readOnceMore(keysById);
        List<RepairRequest> requests = new ArrayList<>();
        keysById.forEach((id, key) -> {
            try {
                RepairRequest request = request(id, key, reading, versions.getOrDefault(id, 0L));
                if (request.encode().length > stream.largestRecord()) {
                    throw new RepairRows.NoRow("it is larger than a record of the stream may be");
                }
                requests.add(request);
            } catch (RepairRows.NoRow e) {
                notSent.add(words(key, String.valueOf(e.getMessage())));
            }
        });
        stream.send(requests);
        return new Sent(requests.size(), notSent);
    }

    private RepairRequest request(String id, List<String> key, SourceTable.Reading reading, long version)
            throws RepairRows.NoRow {
        List<@Nullable String> texts = reading.textsById().get(id);
        RepairRequest.Head head = new RepairRequest.Head(
                route.table().source(),
                Objects.requireNonNullElse(System.getProperty("user.name"), ""),
                clock.millis() * 1000,
                new RowReading(reading.before(), reading.beforeMicros(), version, texts == null && source.hidesKey()));
        return RepairRequest.of(
                head, texts == null ? reading.rows().none(key) : reading.rows().row(texts), seal);
    }

    private String words(List<String> key, String why) {
        return ResultText.key(key) + " of " + route.table() + ": " + why;
    }
}
