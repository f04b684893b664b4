package io.millrace.schemas.decode;

import io.millrace.schemas.event.SourcePosition;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The {@code source} of an envelope: where the change is from. One object, read anew for each record.
 *
 * <p>The fields are those of Debezium's PostgreSQL and MariaDB connectors, which share the names and times, and have
 * each their own fields for the position.
 */
final class SourceBlock {
    private final Slot[] slots;
    private final Schema[] schemas;
    private final RepeatedText schemaName = new RepeatedText();
    private final RepeatedText database = new RepeatedText();
    private final RepeatedText table = new RepeatedText();

    private final RepeatedText snapshot = new RepeatedText();
    private final RepeatedText file = new RepeatedText();
    private final SourcePlace place = new SourcePlace();
    private @Nullable Long micros;

    private enum Slot {
        SCHEMA,
        DATABASE,
        TABLE,
        LSN,
        SEQUENCE,
        SNAPSHOT,
        FILE,
        OFFSET,
        ROW,
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
                case "file" -> Slot.FILE;
                default -> Slot.OTHER;
            };
        }
        if (type == Schema.Type.LONG) {
            return switch (field.name()) {
                case "lsn" -> Slot.LSN;
                case "pos" -> Slot.OFFSET;
                case "ts_ms" -> Slot.TS_MS;
                case "ts_us" -> Slot.TS_US;
                case "ts_ns" -> Slot.TS_NS;
                default -> Slot.OTHER;
            };
        }
        return type == Schema.Type.INT && field.name().equals("row") ? Slot.ROW : Slot.OTHER;
    }

    void read(AvroBytes in) {
        schemaName.clear();
        database.clear();
        table.clear();
        snapshot.clear();
        file.clear();
        place.clear();
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
                    case FILE -> file.read(in);
                    case SEQUENCE -> place.sequence(in.readText(in.readLength()));
                    case LSN -> place.lsn(in.readLong());
                    case OFFSET -> place.offset(in.readLong());
                    case ROW -> place.row(in.readInt());
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

    /** The change's position; null if the source does not say. */
    @Nullable
    SourcePosition position(boolean isSnapshot) {
        return place.position(isSnapshot, snapshot.text(), file.text());
    }
}
