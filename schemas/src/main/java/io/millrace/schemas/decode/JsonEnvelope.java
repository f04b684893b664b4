package io.millrace.schemas.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is in a record of Debezium's in JSON, envelope or not. One object, read anew for each record. */
final class JsonEnvelope {
    private final JsonFields before = new JsonFields();
    private final JsonFields after = new JsonFields();
    private final JsonSource source = new JsonSource();
    private String operation = "";
    private boolean hasSource;
    private boolean hasTransaction;
    private boolean hasSchemaChange;
    private int fields;
    private boolean hasTime;

    /** Reads the object at the cursor. */
    void read(JsonParser in) throws IOException {
        before.clear();
        after.clear();
        operation = "";
        hasSource = false;
        hasTransaction = false;
        hasSchemaChange = false;
        hasTime = false;
        fields = 0;
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonRecords.Broken("it is not an object");
        }
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName(), fields++) {
            in.nextToken();
            switch (name) {
                case "before" -> before.read(in);
                case "after" -> after.read(in);
                case "source" -> {
                    source.read(in);
                    hasSource = true;
                }
                case "op" -> {
                    String letter = JsonRecords.text(in);
                    operation = letter == null ? "" : letter;
                }
                case "status" -> {
                    in.skipChildren();
                    hasTransaction = true;
                }
                case "ddl", "tableChanges" -> {
                    in.skipChildren();
                    hasSchemaChange = true;
                }
                case "ts_ms" -> {
                    in.skipChildren();
                    hasTime = true;
                }
                default -> in.skipChildren();
            }
        }
    }

    /** Whether it is a change of a row, or of a whole table. */
    boolean isChange() {
        return hasSource && !operation.isEmpty();
    }

    /** What else Debezium may have meant with it; null if nothing. */
    @Nullable
    String controlKind() {
        if (hasTransaction) {
            return "transaction metadata";
        }
        if (hasSchemaChange) {
            return "schema change";
        }
        return hasTime && fields == 1 ? "heartbeat" : null;
    }

    String operation() {
        return operation;
    }

    JsonFields before() {
        return before;
    }

    JsonFields after() {
        return after;
    }

    JsonSource source() {
        return source;
    }
}
