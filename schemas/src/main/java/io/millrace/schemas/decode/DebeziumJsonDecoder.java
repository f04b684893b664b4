package io.millrace.schemas.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.decode.ConnectFrames.Content;
import io.millrace.schemas.decode.ConnectFrames.Frame;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes Debezium's envelope in JSON, bare or behind the schema that Connect's JSON converter puts into each record.
 *
 * <p>With a schema, the types are the record's own. Without, they are those that the pipeline file declares, and a column
 * that it does not declare is text: JSON's own type depends on the value (1, then 1.5), and a column's must not.
 */
public final class DebeziumJsonDecoder implements RecordDecoder {
    private static final Decoding TOMBSTONE = new Decoding.Control("tombstone");

    private final TableRoutes routes;
    private final Map<TableId, JsonRowPlans> bareRows = new HashMap<>();
    private final ConnectFrames frames = new ConnectFrames();
    private final JsonEnvelope envelope = new JsonEnvelope();

    /**
     * A decoder for the tables of a source.
     *
     * @param routes the tables that flow, with their keys; every other table is {@link Decoding.Control}
     */
    public DebeziumJsonDecoder(List<TableRoute> routes) {
        this.routes = new TableRoutes(routes);
    }

    private static JsonRowPlan barePlan(TableRoute route, List<String> fields) {
        List<JsonColumn> columns = new ArrayList<>();
        for (String field : fields) {
            DeclaredType declared = route.columns().get(field);
            columns.add(JsonColumn.declared(declared, JsonConversions.DEBEZIUM));
        }
        JsonRowPlan.requireDistinct(fields);
        return JsonRowPlan.of(route, JsonRowPlan.schema(fields, columns), columns, fields);
    }

    @Override
    public Decoding decode(RawRecord record) {
        byte[] data = record.data();
        if (data.length == 0) {
            return TOMBSTONE;
        }
        try {
            // What is known before a payload was UTF-8 when it became known.
            Frame known = frames.find(data);
            JsonRecords.requireUtf8(data, known == null ? 0 : known.from());
            return known == null ? read(record, frames.read(data)) : readKnown(record, known);
        } catch (IOException e) {
            return JsonRecords.rejected(e);
        } catch (JsonRecords.Broken e) {
            return JsonRecords.rejected(e);
        }
    }

    /** That a record ends with its payload is only probable; if not, all of it is read. */
    private Decoding readKnown(RawRecord record, Frame known) throws IOException {
        try {
            return read(record, known);
        } catch (IOException | JsonRecords.Broken e) {
            return read(record, frames.read(record.data()));
        }
    }

    private Decoding read(RawRecord record, Frame frame) throws IOException {
        if (frame.content() instanceof Content.Controls controls) {
            return controls.control();
        }
        if (frame.content() instanceof Content.Unreadable unreadable) {
            return new Decoding.Rejected(DeadLetterCode.UNSUPPORTED_SCHEMA, unreadable.reason(), null, null);
        }
        try (JsonParser in = JsonRecords.open(record.data(), frame.from(), frame.to())) {
            boolean tombstone = in.nextToken() == JsonToken.VALUE_NULL;
            if (!tombstone) {
                envelope.read(in);
            }
            JsonRecords.requireEnd(in);
            return tombstone ? TOMBSTONE : changes(record, frame.content());
        }
    }

    private Decoding changes(RawRecord record, Content content) {
        if (!envelope.isChange()) {
            String kind = envelope.controlKind();
            return kind == null
                    ? new Decoding.Rejected(
                            DeadLetterCode.UNSUPPORTED_SCHEMA, "Cannot use record: it is no change event", null, null)
                    : new Decoding.Control(kind);
        }
        String operation = envelope.operation();
        if (operation.equals("m")) {
            return new Decoding.Control("logical message");
        }
        JsonSource source = envelope.source();
        TableId table = new TableId(record.source(), source.namespace(), source.table());
        TableRoute route = routes.find(table);
        if (route == null) {
            return new Decoding.Control("unrouted table");
        }
        JsonRowPlans rows = content instanceof Content.Rows told
                ? told.plans(route)
                : bareRows.computeIfAbsent(table, of -> new JsonRowPlans(fields -> barePlan(route, fields)));
        Long micros = source.micros();
        return new EnvelopeChanges(
                        table,
                        source.position(operation.equals("r")),
                        micros == null ? record.arrivalMillis() * 1000 : micros,
                        route.onTruncate())
                .of(operation, rows.image(envelope.before()), rows.image(envelope.after()));
    }
}
