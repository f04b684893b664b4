package io.millrace.schemas.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.event.SourcePosition;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The {@code metadata} of a DMS record. One object, read anew for each record. */
final class DmsMetadata {
    private String recordType = "";
    private String operation = "";
    private String schema = "";
    private String table = "";
    private @Nullable String timestamp;
    private @Nullable String committed;
    private @Nullable String streamPosition;
    private @Nullable Long transaction;
    private @Nullable Long record;
    private boolean present;

    void clear() {
        recordType = "";
        operation = "";
        schema = "";
        table = "";
        timestamp = null;
        committed = null;
        streamPosition = null;
        transaction = null;
        record = null;
        present = false;
    }

    /** Reads the object at the cursor. */
    void read(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonRecords.Broken("its metadata is not an object");
        }
        present = true;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            switch (name) {
                case "record-type" -> recordType = lowerCase(in);
                case "operation" -> operation = lowerCase(in);
                case "schema-name" -> schema = JsonRecords.textOrEmpty(in);
                case "table-name" -> table = JsonRecords.textOrEmpty(in);
                case "timestamp" -> timestamp = JsonRecords.text(in);
                case "commit-timestamp" -> committed = JsonRecords.text(in);
                case "stream-position" -> streamPosition = JsonRecords.text(in);
                case "transaction-id" -> transaction = number(in);
                case "transaction-record-id" -> record = number(in);
                default -> in.skipChildren();
            }
        }
    }

    private static String lowerCase(JsonParser in) throws IOException {
        return JsonRecords.textOrEmpty(in).toLowerCase(Locale.ROOT);
    }

    /** A number, also one that is written as a text; null if it is none. */
    private static @Nullable Long number(JsonParser in) throws IOException {
        try {
            String digits = JsonRecords.text(in);
            return digits == null ? null : Long.valueOf(digits);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    boolean isPresent() {
        return present;
    }

    boolean isControl() {
        return recordType.equals("control");
    }

    /** Whether the record does not say if it is a row or a control record. */
    boolean isUntyped() {
        return recordType.isEmpty();
    }

    String operation() {
        return operation;
    }

    String schema() {
        return schema;
    }

    String table() {
        return table;
    }

    /** When the source committed, else when DMS wrote the record, in microseconds; null if neither is told. */
    @Nullable
    Long micros() {
        Long commit = micros(committed);
        return commit == null ? micros(timestamp) : commit;
    }

    private static @Nullable Long micros(@Nullable String text) {
        return text != null && TimeTexts.instant(text) instanceof Long micros ? micros : null;
    }

    /** The change's position; null if there is nothing to tell it by. */
    @Nullable
    SourcePosition position() {
        return operation.equals("load") ? DmsPosition.LOADED : DmsPosition.of(streamPosition, transaction, record);
    }
}
