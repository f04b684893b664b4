package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.registry.GlueFrame.Compression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The same records of a real database in Avro and in JSON are the same changes. */
class DebeziumJsonGoldenTest {
    /** How Debezium writes the columns of the golden tables, as somebody would declare them who has its documentation. */
    private static final String TYPES = """
            id int64, t_bool boolean, t_int2 int32, t_int4 int32, t_int8 int64, t_small int32, t_real float32,
            t_double float64, t_numeric decimal(12;2;base64), t_numeric38 decimal(38;10;base64), t_numeric_free numeric,
            t_text string, t_varchar string, t_char string, t_name string, t_bytea bytes, t_date date, t_time time,
            t_time3 time, t_timetz string, t_timestamp timestamp, t_timestamp3 timestamp(ms), t_timestamptz timestamptz,
            t_interval string, t_uuid uuid, t_json json, t_jsonb json, t_xml string, t_mood string, t_bit boolean,
            t_bits bytes, t_varbit bytes, t_inet string, t_cidr string, t_macaddr string, t_oid int64, t_point geometry,
            t_box bytes, t_range string, t_tsvector string, t_pair bytes, t_hstore json, a_int array(int32),
            a_big array(int64), a_text array(string), a_varchar array(string), a_bool array(boolean),
            a_double array(float64), a_numeric array(decimal(10;2;base64)), a_uuid array(uuid), a_date array(date),
            a_time array(time), a_timestamp array(timestamp), a_timestamptz array(timestamptz), a_bytea array(bytes),
            a_mood array(string), a_json array(json), a_jsonb array(json)""";

    private static final String TOASTED = """
            id int32, n int32, t string, b bytes, j json, x json, h json, num numeric, a_text array(string),
            a_int array(int32), a_big array(int64), a_uuid array(uuid), a_bytea array(bytes),
            a_numeric array(decimal(10;2;base64)), a_double array(float64), a_timestamp array(timestamp),
            a_date array(date), a_bool array(boolean), a_jsonb array(json), a_timestamptz array(timestamptz),
            a_small array(int32)""";

    private static final Map<String, String> DECLARED = Map.of(
            "types", TYPES,
            "toasted", TOASTED,
            "items", "tenant string, item_id int32, name string, note string, weight decimal(6;3;base64)",
            "audited", "id int32, state string",
            "free_numerics", "id int32, a_numeric_free array(numeric)");

    /** Columns that have no type of their own in a declaration: decimals beyond 38 digits, and below 0. */
    private static final List<String> UNDECLARED = List.of("t_numeric60", "t_numeric_neg", "t_numeric_frac", "t_money");

    private final GoldenRecords golden = new GoldenRecords();
    private final List<Decoding> avro = golden.records.stream()
            .map(record -> new DebeziumAvroDecoder(DebeziumGoldenTest.routes(), golden.registry)
                    .decode(record.framed(Compression.NONE)))
            .toList();

    @Test
    void recordWithSchemaIsTheSameChangeAsInAvro() {
        DebeziumJsonDecoder decoder = new DebeziumJsonDecoder(DebeziumGoldenTest.routes());

        for (int i = 0; i < avro.size(); i++) {
            assertThat(described(decoder.decode(golden.json.get(i).framed())))
                    .as("record %s", i)
                    .isEqualTo(described(avro.get(i)));
        }
    }

    @Test
    void recordWithoutSchemaIsTheSameChangeIfItsColumnsAreDeclared() {
        DebeziumJsonDecoder decoder = new DebeziumJsonDecoder(declaredRoutes());

        for (int i = 0; i < avro.size(); i++) {
            assertThat(described(comparable(decoder.decode(golden.json.get(i).bare()))))
                    .as("record %s", i)
                    .isEqualTo(described(comparable(avro.get(i))));
        }
    }

    static List<TableRoute> declaredRoutes() {
        return DebeziumGoldenTest.routes().stream()
                .map(route ->
                        new TableRoute(route.table(), route.key(), declared(route), null, null, Map.of(), Quality.NONE))
                .toList();
    }

    private static Map<String, DeclaredType> declared(TableRoute route) {
        Map<String, DeclaredType> columns = new LinkedHashMap<>();
        for (String column :
                Objects.requireNonNull(DECLARED.get(route.table().name())).split(",\\s+")) {
            String[] words = column.split(" ");
            columns.put(words[0], Objects.requireNonNull(DeclaredType.parse(words[1].replace(';', ','))));
        }
        return columns;
    }

    private static String described(Decoding decoding) {
        StringBuilder text = new StringBuilder();
        Described.describe(decoding, text);
        return text.toString();
    }

    /** The declared columns of a decoding; a declared column may always be null. */
    private static Decoding comparable(Decoding decoding) {
        return decoding instanceof Decoding.Changes changes
                ? new Decoding.Changes(changes.events().stream()
                        .map(event -> new ChangeEvent(
                                event.table(),
                                event.key(),
                                event.operation(),
                                declaredOnly(event.before()),
                                declaredOnly(event.after()),
                                event.position(),
                                event.eventTimeMicros()))
                        .toList())
                : decoding;
    }

    private static @Nullable Row declaredOnly(@Nullable Row row) {
        if (row == null) {
            return null;
        }
        List<Column> columns = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < row.schema().columns().size(); i++) {
            Column column = row.schema().columns().get(i);
            if (!UNDECLARED.contains(column.name())) {
                columns.add(new Column(column.name(), column.type(), true));
                values.add(row.value(i));
            }
        }
        return new Row(new RowSchema(columns), values.toArray());
    }
}
