package io.millrace.stream;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.Unavailable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of every type, drawn from a seeded source of randomness. */
public final class RandomRows {
    private final Random random;

    public RandomRows(Random random) {
        this.random = random;
    }

    public RowSchema schema() {
        List<Column> columns = new ArrayList<>();
        int count = random.nextInt(30);
        for (int i = 0; i < count; i++) {
            columns.add(new Column("c" + i + "ü", type(), random.nextBoolean()));
        }
        return new RowSchema(columns);
    }

    private ColumnType type() {
        int kind = random.nextInt(Primitive.values().length + 3);
        if (kind < Primitive.values().length) {
            return Primitive.values()[kind];
        }
        if (kind == Primitive.values().length) {
            int precision = 1 + random.nextInt(38);
            return new Decimal(precision, random.nextInt(precision + 1));
        }
        return new Array(random.nextInt(4) == 0 ? new Array(Primitive.INT32) : Primitive.values()[random.nextInt(13)]);
    }

    /** With nulls and values that the source left out. */
    public Row row(RowSchema schema) {
        @Nullable Object[] values = new @Nullable Object[schema.columns().size()];
        for (int i = 0; i < values.length; i++) {
            int kind = random.nextInt(10);
            if (kind == 0) {
                values[i] = Unavailable.INSTANCE;
            } else if (kind > 2) {
                values[i] = value(schema.columns().get(i).type());
            }
        }
        return new Row(schema, values);
    }

    public Object value(ColumnType type) {
        if (type instanceof Decimal decimal) {
            BigInteger digits = new BigInteger(random.nextInt(126), random);
            return new BigDecimal(random.nextBoolean() ? digits : digits.negate(), decimal.scale());
        }
        if (type instanceof Array array) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                elements.add(random.nextInt(4) == 0 ? null : value(array.element()));
            }
            return elements;
        }
        return switch ((Primitive) type) {
            case BOOLEAN -> random.nextBoolean();
            case INT32, DATE -> random.nextInt() >> random.nextInt(32);
            case INT64, TIME, TIMESTAMP, TIMESTAMP_TZ -> random.nextLong() >> random.nextInt(64);
            case FLOAT32 -> random.nextInt(10) == 0 ? Float.NaN : (float) random.nextGaussian();
            case FLOAT64 -> random.nextInt(10) == 0 ? Double.NEGATIVE_INFINITY : random.nextGaussian();
            case STRING, JSON -> text();
            case BYTES -> {
                byte[] bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                yield ByteBuffer.wrap(bytes);
            }
            case UUID -> new UUID(random.nextLong(), random.nextLong());
        };
    }

    private String text() {
        if (random.nextInt(50) == 0) {
            return "long ".repeat(20_000);
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> 0x1F600 + random.nextInt(50);
                        case 1 -> 0xA0 + random.nextInt(500);
                        default -> random.nextInt(0x80);
                    });
        }
        return text.toString();
    }
}
