package io.millrace.schemas.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what AWS DMS writes to Kinesis and Kafka.
 *
 * <p>Rows are whole: a column that is not in {@code data} is null. An update that changes the key shows only with a before
 * image. Control records are {@link Decoding.Control}, never rows; one that says that a table was truncated is a truncation. DMS
 * gives control records no position, without which it cannot be applied; Millrace's own capture does.
 *
 * @see <a href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.Kinesis.html">DMS: Kinesis as a target</a>
 */
public final class DmsJsonDecoder implements RecordDecoder {
    private final TableRoutes routes;
    private final Map<TableId, DmsTable> tables = new HashMap<>();
    private final String beforeImage;
    private final JsonFields data = new JsonFields();
    private final JsonFields before = new JsonFields();
    private final DmsMetadata metadata = new DmsMetadata();
    private boolean control;

    /**
     * A decoder for the tables of a source.
     *
     * @param routes the tables that flow, with their keys; every other table is {@link Decoding.Control}
     * @param beforeImage the field with the row before a change, if there is one
     */
    public DmsJsonDecoder(List<TableRoute> routes, String beforeImage) {
        this.routes = new TableRoutes(routes);
        this.beforeImage = beforeImage;
    }

    @Override
    public Decoding decode(RawRecord record) {
        try {
            JsonRecords.requireUtf8(record.data(), 0);
            read(record.data());
            return decoding(record);
        } catch (IOException e) {
            return JsonRecords.rejected(e);
        } catch (JsonRecords.Broken e) {
            return JsonRecords.rejected(e);
        }
    }

    private void read(byte[] record) throws IOException {
        data.clear();
        before.clear();
        metadata.clear();
        control = false;
        try (JsonParser in = JsonRecords.open(record, 0, record.length)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonRecords.Broken("it is not an object");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                if (name.equals("data")) {
                    data.read(in);
                } else if (name.equals("metadata")) {
                    metadata.read(in);
                } else if (name.equals(beforeImage)) {
                    before.read(in);
                } else if (name.equals("control")) {
                    control = in.currentToken() == JsonToken.START_OBJECT;
                    in.skipChildren();
                } else {
                    in.skipChildren();
                }
            }
            JsonRecords.requireEnd(in);
        }
    }

    private Decoding decoding(RawRecord record) {
        if (!metadata.isPresent()) {
            return new Decoding.Rejected(
                    DeadLetterCode.UNSUPPORTED_SCHEMA, "Cannot use record: it has no metadata of DMS's", null, null);
        }
        boolean truncated = metadata.operation().equals("truncate-table");
        if ((metadata.isControl() || isUntypedControl()) && !truncated) {
            return new Decoding.Control("control record");
        }
        TableId id = new TableId(record.source(), metadata.schema(), metadata.table());
        TableRoute route = routes.find(id);
        if (route == null) {
            return new Decoding.Control("unrouted table");
        }
        DmsTable table = tables.computeIfAbsent(id, of -> new DmsTable(route));
        Long micros = metadata.micros();
        EnvelopeChanges changes = new EnvelopeChanges(
                id, metadata.position(), micros == null ? record.arrivalMillis() * 1000 : micros, route.onTruncate());
        // Where the key did not change, an image of key columns has none.
        EnvelopeChanges.Image old =
                before.names().isEmpty() ? null : table.images().image(before);
        return switch (metadata.operation()) {
            case "load" -> changes.of("r", old, table.rows().image(data));
            case "insert" -> changes.of("c", old, table.rows().image(data));
            case "update" -> changes.of("u", old, table.rows().image(data));
            case "delete" -> changes.of("d", deleted(table, old), null);
            case "truncate-table" -> changes.of("t", null, null);
            default -> changes.of(metadata.operation(), null, null);
        };
    }

    /** A record that does not say what it is, and has what a control record has, and no row. */
    private boolean isUntypedControl() {
        return control && metadata.isUntyped() && !data.isPresent();
    }

    /** The row that a delete names: in the image before it, if there is one with a key; else in its data. */
    private EnvelopeChanges.@Nullable Image deleted(DmsTable table, EnvelopeChanges.@Nullable Image old) {
        return old != null && old.key() != null ? old : table.images().image(data);
    }
}
