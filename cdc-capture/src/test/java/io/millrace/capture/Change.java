package io.millrace.capture;

import io.millrace.schemas.decode.ClaimCheck;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.SchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** A published change, read back with plain Avro. */
record Change(
        String partitionKey,
        String operation,
        @Nullable GenericRecord before,
        @Nullable GenericRecord after,
        GenericRecord source,
        SourcePosition position,
        long millisToStream) {

    static Change read(LocalKinesis.Consumed consumed, FileObjects objects, SchemaRegistry registry) {
        byte[] payload = consumed.data();
        if (ClaimCheck.isClaimCheck(payload)) {
            ClaimCheck claim = ClaimCheck.parse(payload);
            payload = objects.read(claim.location().substring("s3://test/".length()));
            if (payload == null || !claim.matches(payload)) {
                throw new AssertionError("Claim check does not fit its payload");
            }
        }
        GlueFrame frame = GlueFrame.parse(payload);
        byte[] body = new byte[frame.body().remaining()];
        frame.body().get(body);
        try {
            GenericRecord envelope = new GenericDatumReader<GenericRecord>(registry.schema(frame.schemaId()))
                    .read(null, DecoderFactory.get().binaryDecoder(body, null));
            return read(consumed, envelope);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Change read(LocalKinesis.Consumed consumed, GenericRecord envelope) {
        GenericRecord source = (GenericRecord) envelope.get("source");
        Object lsn = source.getSchema().getField("lsn") == null ? null : source.get("lsn");
        String marker = String.valueOf(source.get("snapshot"));
        boolean snapshot = !marker.equals("false") && !marker.equals("incremental");
        String sequence = String.valueOf(source.get("sequence"));
        return new Change(
                consumed.partitionKey(),
                envelope.get("op").toString(),
                (GenericRecord) envelope.get("before"),
                (GenericRecord) envelope.get("after"),
                source,
                lsn instanceof Long at
                        ? snapshot ? new SourcePosition(at, 0) : new SourcePosition(number(sequence, 1), at)
                        : new SourcePosition(number(sequence, 1), number(sequence, 3)),
                consumed.arrivalMillis() - (Long) source.get("ts_ms"));
    }

    /** A number of {@code ["1","2"]}. */
    private static long number(String sequence, int part) {
        return Long.parseUnsignedLong(sequence.split("\"", -1)[part]);
    }

    /** The rows that a consumer arrives at which lets the greater position win, by partition key; deletes left out. */
    static Map<String, GenericRecord> latest(List<Change> changes) {
        Map<String, Change> latest = new TreeMap<>();
        for (Change change : changes) {
            latest.merge(
                    change.partitionKey,
                    change,
                    (known, next) -> next.position.compareTo(known.position) < 0 ? known : next);
        }
        Map<String, GenericRecord> rows = new TreeMap<>();
        latest.forEach((key, change) -> {
            if (change.after != null) {
                rows.put(key, change.after);
            }
        });
        return rows;
    }

    /** Leaves out the row, which may be large. */
    @Override
    public String toString() {
        return operation + " " + partitionKey + " at " + position;
    }
}
