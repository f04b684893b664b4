package io.millrace.benchmarks.decode;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.GlueFrame.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** A table of 20 columns, as an application has them, and inserts into it in every format. */
final class Parcels {
    static final UUID SCHEMA_ID = new UUID(7, 7);
    static final Schema ENVELOPE;

    private static final int RECORDS = 1000;
    private static final long TIME = 1_709_211_907_123_456L;
    private static final TableId TABLE = new TableId("shop", "public", "parcels");
    private static final String[] WORDS = {
        "Hamburg", "Lagerhaus", "Straße", "express", "customer", "left at the door", "fragile", "DE-20457"
    };
    private static final List<ParcelColumn> COLUMNS = List.of(
            number("parcel_id", "long", "int64", Random::nextLong),
            text("reference"),
            text("sender"),
            text("recipient"),
            text("street"),
            text("city"),
            text("country"),
            text("status"),
            number("pieces", "int", "int32", random -> random.nextInt(100)),
            number("customer_id", "long", "int64", random -> (long) random.nextInt()),
            number("priority", "int", "int32", random -> random.nextInt(5)),
            decimal("price"),
            decimal("insured_value"),
            number("weight", "double", "float64", random -> random.nextInt(100_000) / 8.0),
            number("express", "boolean", "boolean", Random::nextBoolean),
            number("insured", "boolean", "boolean", Random::nextBoolean),
            timestamptz("created_at"),
            timestamptz("updated_at"),
            date("due_on"),
            semantic(
                    "tracking",
                    "io.debezium.data.Uuid",
                    "uuid",
                    random -> new UUID(random.nextLong(), random.nextLong()).toString()));

    static {
        String row = COLUMNS.stream()
                .map(column -> "{\"name\":\"%s\",\"type\":[\"null\",%s],\"default\":null}"
                        .formatted(column.name(), column.avro()))
                .collect(Collectors.joining(","));
        ENVELOPE = new Schema.Parser().parse("""
                {"type":"record","name":"Envelope","fields":[
                {"name":"before","type":["null",{"type":"record","name":"Value","fields":[%s]}]},
                {"name":"after","type":["null","Value"]},
                {"name":"source","type":{"type":"record","name":"Source","fields":[
                {"name":"version","type":"string"},{"name":"connector","type":"string"},{"name":"name","type":"string"},
                {"name":"ts_ms","type":"long"},{"name":"snapshot","type":["null","string"]},
                {"name":"db","type":"string"},{"name":"sequence","type":["null","string"]},
                {"name":"ts_us","type":["null","long"]},{"name":"ts_ns","type":["null","long"]},
                {"name":"schema","type":"string"},{"name":"table","type":"string"},{"name":"txId","type":["null","long"]},
                {"name":"lsn","type":["null","long"]},{"name":"xmin","type":["null","long"]}]}},
                {"name":"transaction","type":["null","string"]},
                {"name":"op","type":"string"},{"name":"ts_ms","type":["null","long"]},
                {"name":"ts_us","type":["null","long"]},{"name":"ts_ns","type":["null","long"]}]}""".formatted(row));
    }

    private Parcels() {}

    private static ParcelColumn number(String name, String avro, String type, Function<Random, Object> value) {
        String connect = type.equals("float64") ? "double" : type;
        return new ParcelColumn(
                name,
                quoted(avro),
                "\"type\":\"" + connect + "\"",
                type,
                type,
                value,
                Object::toString,
                Object::toString);
    }

    private static ParcelColumn text(String name) {
        return new ParcelColumn(
                name,
                "\"string\"",
                "\"type\":\"string\"",
                "string",
                "string",
                random -> WORDS[random.nextInt(WORDS.length)] + " " + random.nextInt(10_000),
                value -> quoted(value.toString()),
                value -> quoted(value.toString()));
    }

    private static ParcelColumn semantic(String name, String semantic, String type, Function<Random, Object> value) {
        return new ParcelColumn(
                name,
                "{\"type\":\"string\",\"connect.name\":\"" + semantic + "\"}",
                "\"type\":\"string\",\"name\":\"" + semantic + "\",\"version\":1",
                type,
                type,
                value,
                text -> quoted(text.toString()),
                text -> quoted(text.toString()));
    }

    private static ParcelColumn timestamptz(String name) {
        return semantic(
                name,
                "io.debezium.time.ZonedTimestamp",
                "timestamptz",
                random -> Instant.ofEpochSecond(
                                1_700_000_000L + random.nextInt(10_000_000), random.nextInt(1_000_000) * 1000L)
                        .toString());
    }

    private static ParcelColumn date(String name) {
        return new ParcelColumn(
                name,
                "{\"type\":\"int\",\"connect.name\":\"io.debezium.time.Date\"}",
                "\"type\":\"int32\",\"name\":\"io.debezium.time.Date\",\"version\":1",
                "date",
                "date",
                random -> 19_000 + random.nextInt(1000),
                Object::toString,
                value -> quoted(LocalDate.ofEpochDay((Integer) value).toString()));
    }

    private static ParcelColumn decimal(String name) {
        return new ParcelColumn(
                name,
                "{\"type\":\"bytes\",\"connect.name\":\"org.apache.kafka.connect.data.Decimal\",\"scale\":2,\"precision\":12}",
                "\"type\":\"bytes\",\"name\":\"org.apache.kafka.connect.data.Decimal\",\"version\":1,\"parameters\":"
                        + "{\"scale\":\"2\",\"connect.decimal.precision\":\"12\"}",
                "decimal(12,2,base64)",
                "decimal(12,2)",
                random -> ByteBuffer.wrap(
                        BigInteger.valueOf(random.nextInt(100_000_000)).toByteArray()),
                value -> quoted(Base64.getEncoder().encodeToString(((ByteBuffer) value).array())),
                value -> new BigDecimal(new BigInteger(((ByteBuffer) value).array()), 2).toPlainString());
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    /** The table's route, with the types that a column's declaration gives. */
    static List<TableRoute> routes(Function<ParcelColumn, String> declaration) {
        Map<String, DeclaredType> declared = new LinkedHashMap<>();
        COLUMNS.forEach(column ->
                declared.put(column.name(), Objects.requireNonNull(DeclaredType.parse(declaration.apply(column)))));
        return List.of(new TableRoute(TABLE, List.of("parcel_id"), declared, null, null, Map.of(), Quality.NONE));
    }

    static List<RawRecord> avro() {
        return records((row, lsn) -> GlueFrame.write(SCHEMA_ID, avroBody(row, lsn), Compression.NONE));
    }

    static List<RawRecord> json() {
        return records((row, lsn) -> bytes(envelope(row, lsn)));
    }

    static List<RawRecord> jsonWithSchema() {
        String row = COLUMNS.stream()
                .map(column -> "{%s,\"optional\":true,\"field\":\"%s\"}".formatted(column.connect(), column.name()))
                .collect(Collectors.joining(","));
        String schema = """
                {"type":"struct","fields":[\
                {"type":"struct","fields":[%s],"optional":true,"name":"shop.public.parcels.Value","field":"before"},\
                {"type":"struct","fields":[%s],"optional":true,"name":"shop.public.parcels.Value","field":"after"},\
                {"type":"struct","fields":[],"optional":false,"name":"Source","field":"source"},\
                {"type":"string","optional":false,"field":"op"}],"optional":false,"name":"shop.public.parcels.Envelope"}""".formatted(row, row);
        return records((values, lsn) -> bytes("{\"schema\":" + schema + ",\"payload\":" + envelope(values, lsn) + "}"));
    }

    static List<RawRecord> dms() {
        return records((row, lsn) -> {
            String position = "%08X/%08X".formatted(lsn >>> 32, lsn & 0xffff_ffffL);
            return bytes("{\"data\":" + object(row, ParcelColumn::dms) + ",\"metadata\":{"
                    + "\"timestamp\":\"2024-02-29T13:05:07.223456Z\",\"record-type\":\"data\",\"operation\":\"insert\","
                    + "\"partition-key-type\":\"schema-table\",\"schema-name\":\"public\",\"table-name\":\"parcels\","
                    + "\"transaction-id\":1139,\"transaction-record-id\":1,\"prev-transaction-id\":1138,"
                    + "\"prev-transaction-record-id\":1,\"commit-timestamp\":\"2024-02-29T13:05:07.123456Z\","
                    + "\"stream-position\":\"" + position + ".3." + position + "\"}}");
        });
    }

    private static List<RawRecord> records(BiFunction<Map<ParcelColumn, Object>, Long, byte[]> format) {
        Random random = new Random(20_240_229);
        List<RawRecord> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            Map<ParcelColumn, Object> row = new LinkedHashMap<>();
            COLUMNS.forEach(column -> row.put(column, column.value().apply(random)));
            long lsn = 0x2_7C00_0000L + 100L * i;
            records.add(new RawRecord(
                    "shop", "stream", "shard-0", "" + i, "key", 1_709_211_907_200L, format.apply(row, lsn)));
        }
        return records;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String object(
            Map<ParcelColumn, Object> row, Function<ParcelColumn, Function<Object, String>> spelling) {
        return row.entrySet().stream()
                .map(each -> quoted(each.getKey().name())
                        + ":"
                        + spelling.apply(each.getKey()).apply(each.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String envelope(Map<ParcelColumn, Object> row, long lsn) {
        return "{\"before\":null,\"after\":" + object(row, ParcelColumn::json)
                + ",\"source\":{\"version\":\"3.5.0.Final\",\"connector\":\"postgresql\",\"name\":\"shop\",\"ts_ms\":"
                + TIME / 1000 + ",\"snapshot\":\"false\",\"db\":\"shop\",\"sequence\":\"[\\\"" + (lsn - 100)
                + "\\\",\\\"" + lsn
                + "\\\"]\",\"ts_us\":" + TIME + ",\"ts_ns\":" + TIME * 1000
                + ",\"schema\":\"public\",\"table\":\"parcels\",\"txId\":775,\"lsn\":" + lsn
                + ",\"xmin\":null},\"transaction\":null,\"op\":\"c\",\"ts_ms\":" + TIME / 1000 + ",\"ts_us\":" + TIME
                + ",\"ts_ns\":" + TIME * 1000 + "}";
    }

    private static byte[] avroBody(Map<ParcelColumn, Object> row, long lsn) {
        GenericRecord after = new GenericData.Record(
                ENVELOPE.getField("after").schema().getTypes().get(1));
        row.forEach((column, value) -> after.put(column.name(), value));
        GenericRecord source =
                new GenericData.Record(ENVELOPE.getField("source").schema());
        source.put("version", "3.5.0.Final");
        source.put("connector", "postgresql");
        source.put("name", "shop");
        source.put("ts_ms", TIME / 1000);
        source.put("snapshot", "false");
        source.put("db", "shop");
        source.put("sequence", "[\"" + (lsn - 100) + "\",\"" + lsn + "\"]");
        source.put("ts_us", TIME);
        source.put("ts_ns", TIME * 1000);
        source.put("schema", "public");
        source.put("table", "parcels");
        source.put("txId", 775L);
        source.put("lsn", lsn);
        GenericRecord envelope = new GenericData.Record(ENVELOPE);
        envelope.put("after", after);
        envelope.put("source", source);
        envelope.put("op", "c");
        envelope.put("ts_ms", TIME / 1000);
        envelope.put("ts_us", TIME);
        envelope.put("ts_ns", TIME * 1000);
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(body, null);
            new GenericDatumWriter<GenericRecord>(ENVELOPE).write(envelope, encoder);
            encoder.flush();
            return body.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write Avro into memory", e);
        }
    }
}
