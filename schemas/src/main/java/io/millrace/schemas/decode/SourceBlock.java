package io.millrace.schemas.decode;

import io.millrace.schemas.event.SourcePosition;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The {@code source} of an envelope: where the change is from. One object, read anew for each record.
 *
 * <p>The fields are those of Debezium's PostgreSQL connector; other connectors share the names and times, and have other
 * fields for the position, for which {@link #position} is the place.
 */
final class SourceBlock {
    private final Slot[] slots;
    private final Schema[] schemas;
    private final RepeatedText schemaName = new RepeatedText();
    private final RepeatedText database = new RepeatedText();
    private final RepeatedText table = new RepeatedText();

    private final RepeatedText snapshot = new RepeatedText();
    private @Nullable Long lsn;
    private @Nullable Long lastCommit;
    private @Nullable Long micros;

    private enum Slot {
        SCHEMA,
        DATABASE,
        TABLE,
        LSN,
        SEQUENCE,
        SNAPSHOT,
        TS_MS,
        TS_US,
        TS_NS,
        OTHER
    }

    SourceBlock(Schema record) {
        int size = record.getFields().size();
        slots = new Slot[size];
        schemas = new Schema[size];
        for (Schema.Field field : record.getFields()) {
            schemas[field.pos()] = field.schema();
            slots[field.pos()] = slot(field);
        }
    }

    private static Slot slot(Schema.Field field) {
        Schema.Type type = field.schema().getType() == Schema.Type.UNION
                ? AvroShapes.present(field.schema()).getType()
                : field.schema().getType();
        if (type == Schema.Type.STRING) {
            return switch (field.name()) {
                case "schema" -> Slot.SCHEMA;
                case "db" -> Slot.DATABASE;
                case "table" -> Slot.TABLE;
                case "sequence" -> Slot.SEQUENCE;
                case "snapshot" -> Slot.SNAPSHOT;
                default -> Slot.OTHER;
            };
        }
        if (type == Schema.Type.LONG) {
            return switch (field.name()) {
                case "lsn" -> Slot.LSN;
                case "ts_ms" -> Slot.TS_MS;
                case "ts_us" -> Slot.TS_US;
                case "ts_ns" -> Slot.TS_NS;
                default -> Slot.OTHER;
            };
        }
        return Slot.OTHER;
    }

    void read(AvroBytes in) {
        schemaName.clear();
        database.clear();
        table.clear();
        snapshot.clear();
        lsn = null;
        lastCommit = null;
        micros = null;
        Slot finest = Slot.OTHER;
        for (int i = 0; i < slots.length; i++) {
            Slot slot = slots[i];
            if (slot == Slot.OTHER) {
                AvroShapes.skip(schemas[i], in);
            } else if (isPresent(schemas[i], in)) {
                switch (slot) {
                    case SCHEMA -> schemaName.read(in);
                    case DATABASE -> database.read(in);
                    case TABLE -> table.read(in);
                    case SNAPSHOT -> snapshot.read(in);
                    case SEQUENCE -> lastCommit = lastCommit(in.readText(in.readLength()));
                    case LSN -> lsn = in.readLong();
                    default -> {
                        long time = in.readLong();
                        // Microseconds are Millrace's own unit; the others are for writers that do not send them.
                        if (finest != Slot.TS_US) {
                            micros = micros(slot, time);
                            finest = slot;
                        }
                    }
                }
            }
        }
    }

    private static boolean isPresent(Schema schema, AvroBytes in) {
        return schema.getType() != Schema.Type.UNION
                || schema.getTypes()
                                .get(in.readBranch(schema.getTypes().size()))
                                .getType()
                        != Schema.Type.NULL;
    }

    private static long micros(Slot slot, long time) {
        if (slot == Slot.TS_US) {
            return time;
        }
        if (slot == Slot.TS_NS) {
            return Math.floorDiv(time, 1000L);
        }
        if (Math.abs(time) > Long.MAX_VALUE / 1000) {
            throw new AvroBytes.Broken("its time is no time");
        }
        return time * 1000;
    }

    /** The first number of {@code ["24023120","24023128"]}; null if it is null. */
    static @Nullable Long lastCommit(@Nullable String sequence) {
        if (sequence == null || !sequence.startsWith("[\"")) {
            return null;
        }
        int end = sequence.indexOf('"', 2);
        try {
            return end < 0 ? null : Long.parseUnsignedLong(sequence, 2, end, 10);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The schema that holds the table; of products without schemas the database. */
    String namespace() {
        return schemaName.text().isEmpty() ? database.text() : schemaName.text();
    }

    String table() {
        return table.text();
    }

    /** When the source committed, in microseconds; null if it does not say. */
    @Nullable
    Long micros() {
        return micros;
    }

    /**
     * The change's position; null if the source has no LSN.
     *
     * <p>Without a last commit it is taken for the first transaction that began after a snapshot: its own LSN then orders
     * it after the snapshot's rows and before the transactions that follow.
     */
    @Nullable
    SourcePosition position(boolean isSnapshot) {
        return position(lsn, lastCommit, isSnapshot, snapshot.text());
    }

    /**
     * The same.
     *
     * @param marker {@code source.snapshot}; a row of an incremental snapshot stands among the changes, where its sequence says
     */
    static @Nullable SourcePosition position(
            @Nullable Long at, @Nullable Long lastCommit, boolean isSnapshot, String marker) {
        if (at == null) {
            return null;
        }
        if (isSnapshot && (lastCommit == null || !marker.equals("incremental"))) {
            return new SourcePosition(at, 0);
        }
        return new SourcePosition(lastCommit == null ? at : lastCommit, at);
    }
}
