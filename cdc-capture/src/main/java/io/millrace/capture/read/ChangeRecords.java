package io.millrace.capture.read;

import io.millrace.capture.encode.ChangeEncoder;
import io.millrace.capture.encode.SourceChange;
import io.millrace.capture.encode.SourceFields;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.schemas.event.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Turns Debezium's records of the captured tables into the stream's. */
final class ChangeRecords {
    private final String source;
    private final Predicate<TableId> tables;
    private final Consumer<SourceRecord> place;
    private final ChangeEncoder encoder;
    private final ClaimDesk claims;
    private final Retry retry;

    /**
     * For the changes of some tables.
     *
     * @param place gives a change its place in the source's history
     */
    ChangeRecords(
            String source,
            Predicate<TableId> tables,
            Consumer<SourceRecord> place,
            ChangeEncoder encoder,
            ClaimDesk claims,
            Retry retry) {
        this.source = source;
        this.tables = tables;
        this.place = place;
        this.encoder = encoder;
        this.claims = claims;
        this.retry = retry;
    }

    /**
     * The records for the stream; none for what is no change of a captured table, such as a heartbeat. Waits for the registry
     * and the storage for as long as they are away.
     */
    List<StreamRecord> encode(SourceRecord record) throws InterruptedException {
        TableId table = tableOf(source, record);
        if (table == null || !tables.test(table)) {
            return List.of();
        }
        Struct envelope = (Struct) record.value();
        place.accept(record);
        Struct source = envelope.getStruct("source");
        SourceChange change = new SourceChange(table, (Struct) record.key(), envelope);
        List<StreamRecord> fitting = new ArrayList<>();
        for (StreamRecord encoded : retry.untilAvailable(() -> encoder.encode(change))) {
            fitting.add(
                    claims.exceedsLimit(encoded.partitionKey(), encoded.data())
                            ? new StreamRecord(
                                    encoded.partitionKey(),
                                    retry.untilAvailable(() -> claims.deposit(table, source, encoded.data())))
                            : encoded);
        }
        return fitting;
    }

    /** The table that a record is a change of; null if it is a change of none. */
    static @Nullable TableId tableOf(String source, SourceRecord record) {
        if (!(record.value() instanceof Struct envelope)
                || envelope.schema().field("op") == null
                || envelope.schema().field("source") == null) {
            return null;
        }
        return SourceFields.table(source, envelope.getStruct("source"));
    }
}
