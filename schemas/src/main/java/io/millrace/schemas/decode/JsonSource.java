package io.millrace.schemas.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.event.SourcePosition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The {@code source} of an envelope in JSON, with the fields of {@link SourceBlock}. One object, read anew for each record. */
final class JsonSource {
    private String schema = "";
    private String database = "";
    private String table = "";
    private String snapshot = "";
    private String file = "";
    private final SourcePlace place = new SourcePlace();
    private @Nullable Long micros;

    /** Reads the object at the cursor. */
    void read(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonRecords.Broken("its source is not an object");
        }
        schema = "";
        database = "";
        table = "";
        snapshot = "";
        file = "";
        place.clear();
        micros = null;
        boolean exact = false;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            switch (name) {
                case "schema" -> schema = JsonRecords.textOrEmpty(in);
                case "db" -> database = JsonRecords.textOrEmpty(in);
                case "table" -> table = JsonRecords.textOrEmpty(in);
                case "snapshot" -> snapshot = JsonRecords.textOrEmpty(in);
                case "file" -> file = JsonRecords.textOrEmpty(in);
                case "lsn" -> place.lsn(number(in));
                case "pos" -> place.offset(number(in));
                case "row" -> place.row(number(in));
                case "sequence" -> place.sequence(JsonRecords.text(in));
                case "ts_us" -> {
                    Long time = number(in);
                    if (time != null) {
                        micros = time;
                        exact = true;
                    }
                }
                case "ts_ms", "ts_ns" -> {
                    Long time = number(in);
                    if (time != null && !exact) {
                        micros = name.equals("ts_ns") ? Math.floorDiv(time, 1000L) : ofMillis(time);
                    }
                }
                default -> in.skipChildren();
            }
        }
    }

    private static @Nullable Long number(JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (JsonRaw.read(in) instanceof Long number) {
            return number;
        }
        throw new JsonRecords.Broken("its source has a number that is none");
    }

    private static long ofMillis(long millis) {
        if (Math.abs(millis) > Long.MAX_VALUE / 1000) {
            throw new JsonRecords.Broken("its time is no time");
        }
        return millis * 1000;
    }

    /** The schema that holds the table; of products without schemas the database. */
    String namespace() {
        return schema.isEmpty() ? database : schema;
    }

    String table() {
        return table;
    }

    /** When the source committed, in microseconds; null if it does not say. */
    @Nullable
    Long micros() {
        return micros;
    }

    /** The change's position; null if the source does not say. */
    @Nullable
    SourcePosition position(boolean isSnapshot) {
        return place.position(isSnapshot, snapshot, file);
    }
}
