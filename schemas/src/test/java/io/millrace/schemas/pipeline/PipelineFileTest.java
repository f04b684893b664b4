package io.millrace.schemas.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Connections.SchemaRegistry.Compatibility;
import io.millrace.schemas.pipeline.DeclaredType.Spelling;
import io.millrace.schemas.pipeline.PipelineProblems.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineFileTest {
    private static final String CONNECTIONS = """
            connections:
              kinesis: { region: us-east-1, endpoint: "http://127.0.0.1:14567" }
              schema-registry: { region: us-east-1, name: millrace }
              storage: { region: us-east-1, location: "s3://millrace/logistics" }
              iceberg:
                catalog: millrace
                properties: { type: jdbc, jdbc.password: hunter2, cache-enabled: no, retries: 010 }
              opensearch: { hosts: ["http://127.0.0.1:19200"], user: admin, password: hunter3 }
            """;

    private static final String PIPELINE = """
            pipeline: logistics
            sources:
              - name: logistics
                format: debezium-avro
                transport: kinesis
                stream: millrace-logistics
                shards: 2
                database:
                  type: postgresql
                  name: logistics
                  user: millrace
                  password: ${SOURCE_PASSWORD:-local}
                  init: logistics.sql
            event-time: { out-of-orderness: 500ms, idleness: 2m }
            tables:
              - source: logistics
                table: public.shipments
                key: [shipment_id]
                iceberg: { table: logistics.shipments, partition-by: ["day( created_at )", "bucket(16,id)", region, "truncate(2, sales area )"], format-version: 3, key-bloom-filter: true }
                opensearch: { index: shipments }
                renames: { state: status, region: area }
                truncate: apply
              - source: logistics
                table: public.tickets
                key: [tenant, ticket_id]
                late: apply
                opensearch: { index: tickets }
            """;

    @TempDir
    Path folder;

    @Test
    void databaseOfMariadbHasItsOwnPortAndReader() throws IOException {
        String file = PIPELINE.replace("type: postgresql", "type: mariadb\n      host: db\n      server-id: 77")
                .replace("init: logistics.sql", "");

        Database database = read(file + CONNECTIONS).sources().get(0).database();

        assertThat(database).isNotNull();
        assertThat(database.kind()).isEqualTo(Database.Kind.MARIADB);
        assertThat(database.port()).isEqualTo(3306);
        assertThat(database.serverId()).isEqualTo(77);
        assertThat(database.kind().jdbcUrl("db", 3306, "logistics")).isEqualTo("jdbc:mariadb://db:3306/logistics");
    }

    @Test
    void formatOfDmsIsNotWrittenForMariadb() {
        String file = PIPELINE.replace("type: postgresql", "type: mariadb").replace("debezium-avro", "dms-json");

        assertThatThrownBy(() -> read(file + CONNECTIONS))
                .isInstanceOf(PipelineProblems.class)
                .hasMessageContaining(
                        "Cannot use sources[0].format: dms-json is not written for databases of type mariadb");
    }

    @Test
    void everySettingIsRead() throws IOException {
        Pipeline pipeline = read(PIPELINE + CONNECTIONS);

        assertThat(pipeline.name()).isEqualTo("logistics");
        assertThat(pipeline.sources())
                .containsExactly(new Source(
                        "logistics",
                        Source.Format.DEBEZIUM_AVRO,
                        Source.Transport.KINESIS,
                        "millrace-logistics",
                        2,
                        new Database(
                                Database.Kind.POSTGRESQL,
                                null,
                                0,
                                "logistics",
                                "millrace",
                                new Secret("local"),
                                "logistics.sql")));
        assertThat(pipeline.eventTime())
                .isEqualTo(new EventTime(
                        Duration.ofMillis(500),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(5),
                        new Lateness(Duration.ofHours(2), Lateness.Policy.DEAD_LETTER),
                        Map.of("logistics.public.tickets", new Lateness(Duration.ofHours(2), Lateness.Policy.APPLY))));
        assertThat(pipeline.sequencing()).isEqualTo(new Sequencing(Duration.ofMinutes(10), Duration.ofDays(7)));
        assertThat(pipeline.checkpoints()).isEqualTo(new Checkpoints(Duration.ofSeconds(10), Duration.ZERO));
        assertThat(pipeline.tables())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("quality.place")
                .containsExactly(
                        new TableRoute(
                                new TableId("logistics", "public", "shipments"),
                                List.of("shipment_id"),
                                Map.of(),
                                new TableRoute.IcebergTarget(
                                        "logistics",
                                        "shipments",
                                        List.of(
                                                "day(created_at)",
                                                "bucket(16, id)",
                                                "region",
                                                "truncate(2, sales area)"),
                                        3,
                                        true),
                                new TableRoute.OpenSearchTarget("shipments"),
                                Map.of("state", "status", "region", "area"),
                                Quality.NONE,
                                TableRoute.OnTruncate.APPLY),
                        new TableRoute(
                                new TableId("logistics", "public", "tickets"),
                                List.of("tenant", "ticket_id"),
                                null,
                                new TableRoute.OpenSearchTarget("tickets")));
        assertThat(pipeline.connections().kinesis().endpoint()).isEqualTo("http://127.0.0.1:14567");
        assertThat(pipeline.connections().schemaRegistry().compatibility()).isEqualTo(Compatibility.BACKWARD);
        assertThat(pipeline.connections().opensearch().replicas()).isEqualTo(1);
    }

    @Test
    void tablesOfAPatternHaveTheirPrimaryKeysAndTargetsOfTheirOwn() throws IOException {
        Pipeline pipeline = read(PIPELINE.replace("table: public.tickets", "table: public.*")
                        .replace("    late: apply\n", "")
                        .replace("key: [tenant, ticket_id]", "key: primary")
                        .replace("index: tickets", "index: \"shop-{table}\"")
                + CONNECTIONS);

        assertThat(pipeline.tables().get(1).isPattern()).isTrue();
        assertThat(pipeline.tables().get(1).key()).isEmpty();
        assertThat(pipeline.routes().find("logistics.public.parcels"))
                .usingRecursiveComparison()
                .ignoringFields("quality.place")
                .isEqualTo(new TableRoute(
                        new TableId("logistics", "public", "parcels"),
                        List.of(),
                        null,
                        new TableRoute.OpenSearchTarget("shop-parcels")));
    }

    @Test
    void catalogPropertiesKeepTheirTextAsWritten() throws IOException {
        assertThat(read(PIPELINE + CONNECTIONS).connections().iceberg().properties())
                .isEqualTo(Map.of("type", "jdbc", "jdbc.password", "hunter2", "cache-enabled", "no", "retries", "010"));
    }

    @Test
    void connectionsFileReplacesTheSection() throws IOException {
        Path separate = write("connections.yaml", CONNECTIONS.replace("us-east-1", "eu-west-1"));

        // The replaced section is not even looked at: its environment may be another machine's.
        Pipeline pipeline = PipelineFile.read(
                write("pipeline.yaml", PIPELINE + CONNECTIONS.replace("us-east-1", "\"${NOT_SET}\"")),
                separate,
                Map.of());

        assertThat(pipeline.connections().kinesis().region()).isEqualTo("eu-west-1");
    }

    @Test
    void problemsOfBothFilesAreReported() throws IOException {
        Path separate = write("connections.yaml", CONNECTIONS.replace("name: millrace", "nam: millrace"));
        Path pipeline = write("pipeline.yaml", PIPELINE.replace("shards: 2", "shards: two"));

        PipelineProblems problems = problems(() -> PipelineFile.read(pipeline, separate, Map.of()));

        assertThat(problems.problems())
                .extracting(Problem::key)
                .containsExactly(
                        "sources[0].shards", "connections.schema-registry.nam", "connections.schema-registry.name");
    }

    @Test
    void valueComesFromTheEnvironment() throws IOException {
        Path file = write("pipeline.yaml", PIPELINE + CONNECTIONS);

        Pipeline pipeline = PipelineFile.read(file, null, Map.of("SOURCE_PASSWORD", "s3cret"));

        Database database = pipeline.sources().get(0).database();
        assertThat(database).isNotNull();
        assertThat(database.password().reveal()).isEqualTo("s3cret");
    }

    @Test
    void allProblemsAreReportedAtOnceInTheOrderOfTheFile() {
        PipelineProblems problems = problemsOf("""
                pipeline: Logistics_1
                sources:
                  - name: logistics
                    format: debezium-avro
                    stream: s
                    shard: 2
                tables:
                  - source: logistic
                    table: shipments
                    key: []
                    iceberg: { table: Shipments, partition-by: [days(x)], format-version: 4 }
                checkpoint: { interval: 5 }
                """ + CONNECTIONS);

        assertThat(problems.problems())
                .extracting(Problem::key)
                .containsExactly(
                        "pipeline",
                        "sources[0]",
                        "sources[0].shard",
                        "tables[0].source",
                        "tables[0].table",
                        "tables[0].key",
                        "tables[0].iceberg.table",
                        "tables[0].iceberg.partition-by[0]",
                        "tables[0].iceberg.format-version",
                        "checkpoint");
        assertThat(problems.problems())
                .extracting(Problem::message)
                .hasSize(10)
                .allMatch(line -> line.startsWith("Cannot "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        pipeline: logistics        | pipeline: Logistics         | pipeline                        | Cannot use pipeline: Logistics. Give 1 to 40 lower case letters, digits and hyphens, beginning with a letter and not ending with a hyphen (pipeline.yaml line 1)
        pipeline: logistics        | pipeline:                   | pipeline                        | it is empty
        pipeline: logistics        | pipelin: logistics          | pipelin                         | Did you mean pipeline?
        pipeline: logistics        | pipelin: logistics          | pipeline                        | Cannot find setting: pipeline. Give 1 to 40
        pipeline: logistics        | pipeline: [logistics]       | pipeline                        | it is a list. Give 1 to 40
        pipeline: logistics        | pipeline: ${NOT_SET}        | pipeline                        | Cannot use pipeline: the environment has no NOT_SET. Set it, or give a default: ${NOT_SET:-default}
        pipeline: logistics        | pipeline: ${1NOT}           | pipeline                        | a reference that is not complete
        pipeline: logistics        | pipeline: &a logistics      | pipeline                        | Cannot use an anchor in pipeline: &a
        pipeline: logistics        | pipeline: !!binary bG9n     | pipeline                        | Cannot use a tag in pipeline
        event-time:                | event_time:                 | event_time                      | Did you mean event-time?
        shards: 2                  | shards: 0                   | sources[0].shards               | 0. Give a whole number from 1 to 10000
        shards: 2                  | shards: 2.5                 | sources[0].shards               | 2.5. Give a whole number
        shards: 2                  | shards: 010                 | sources[0].shards               | 010. Give a whole number
        shards: 2                  | shards: yes                 | sources[0].shards               | yes. Give a whole number
        shards: 2                  | shards: { n: 2 }            | sources[0].shards               | it is a section. Give a whole number
        shards: 2                  | stream: other               | sources[0].stream               | it is there twice, first on pipeline.yaml line 6. Remove one
        format: debezium-avro      | format: avro                | sources[0].format               | avro. Give one of debezium-avro, debezium-json, dms-json
        type: postgresql           | type: mysql                 | sources[0].database.type        | mysql. Give one of postgresql, mariadb
        init: logistics.sql        | server-id: 7                | sources[0].database.server-id   | it is for databases of type mariadb. Remove it
        type: postgresql           | port: 5432                  | sources[0].database.host        | Cannot use sources[0].database.port without sources[0].database.host. Give both or none
        user: millrace             | usr: millrace               | sources[0].database.usr         | Did you mean user?
        init: logistics.sql        | init: /tmp/logistics.sql    | sources[0].database.init        | a path relative to this file
        idleness: 2m               | idleness: 2 minutes         | event-time.idleness             | 2 minutes. Give a duration such as 500ms, 10s, 5m, 2h or 7d, from 1s to 1d
        idleness: 2m               | idleness: 120               | event-time.idleness             | 120. Give a duration
        idleness: 2m               | idleness: 0s                | event-time.idleness             | 0s. Give a duration
        source: logistics          | source: logistik            | tables[0].source                | logistik is none of the sources. Did you mean logistics?
        source: logistics          | source: warehouse           | tables[0].source                | warehouse is none of the sources. Declare it, or name one of [logistics]
        table: public.shipments    | table: shipments            | tables[0].table                 | shipments. Give schema and table, such as public.shipments
        table: public.shipments    | table: public.tickets       | tables[1].table                 | tables[0] routes public.tickets already
        key: [shipment_id]         | key: []                     | tables[0].key                   | it is empty. Give a list, each element a column's name
        key: [shipment_id]         | key: shipment_id            | tables[0].key                   | it is a text. Give a list
        key: [shipment_id]         | key: [a, b, a]              | tables[0].key[2]                | a is there twice
        key: [shipment_id]         | key: [a, [b]]               | tables[0].key[1]                | it is a list. Give a column's name
        key: [shipment_id]         | key: [a, ~]                 | tables[0].key[1]                | it is empty. Give a column's name
        key: [shipment_id]         | <<: {}                      | tables[0]                       | Cannot merge sections in tables[0]
        key: [shipment_id]         | ? [a]                       | tables[0]                       | Cannot use a key in tables[0] that is no name
        table: logistics.shipments | table: Logistics.Shipments  | tables[0].iceberg.table         | Give namespace and table
        table: logistics.shipments | table: shipments            | tables[0].iceberg.table         | Give namespace and table
        region                     | weeks(region)               | tables[0].iceberg.partition-by[2] | weeks(region). Give a column, year(column)
        region                     | "bucket(id, 16)"            | tables[0].iceberg.partition-by[2] | bucket(id, 16). Give a column, year(column)
        region                     | "bucket(0, id)"             | tables[0].iceberg.partition-by[2] | bucket(0, id). Give a column, year(column)
        region                     | "bucket(16, id)"            | tables[0].iceberg.partition-by[2] | bucket(16, id) is there twice
        format-version: 3          | format-version: 1           | tables[0].iceberg.format-version | 1. Give 2 or 3
        key-bloom-filter: true     | key-bloom-filter: yes       | tables[0].iceberg.key-bloom-filter | yes. Give true or false
        index: shipments           | index: Shipments            | tables[0].opensearch.index      | Shipments. Give at most 255 lower case letters
        index: shipments           | index: _all                 | tables[0].opensearch.index      | _all. Give
        index: shipments           | index: tickets              | tables[1].opensearch.index      | the index tickets is that of tables[0].opensearch.index. Give another one
        state: status              | state: [status]             | tables[0].renames.state         | it is a list. Give a column's name
        state: status              | state: area                 | tables[0].renames.region        | state was area already. Remove one
        state: status              | status: status              | tables[0].renames.status        | the renames go round in a circle
        state: status              | shipment_id: status         | tables[0].renames.shipment_id   | it is a key column
        table: public.tickets      | table: public.*             | tables[1].opensearch.index      | tickets is one name for all tables that match public.*. Give one with {table}
        table: public.tickets      | table: "*.tickets"          | tables[1].table                 | Give a schema, and * in the table's name only
        index: tickets             | index: "{table}"            | tables[1].opensearch.index      | {table} is a template, and public.tickets is one table
        index: tickets             | index: "{tabel}"            | tables[1].opensearch.index      | {tabel}. Give at most 255
        truncate: apply            | truncate: always            | tables[0].truncate              | always. Give one of dead-letter, apply
        table: public.shipments    | table: public.ship_*        | tables[0].truncate              | they belong to one table
        region: us-east-1, name    | region: moon, name          | connections.schema-registry.region | moon. Give an AWS region
        name: millrace }           | name: millrace, compatibility: BACKWARD } | connections.schema-registry.compatibility | BACKWARD. Give one of none, disabled, backward
        s3://millrace/logistics    | /millrace                   | connections.storage.location    | /millrace. Give an S3 location
        http://127.0.0.1:19200     | 127.0.0.1:19200             | connections.opensearch.hosts[0] | Give an address such as http://127.0.0.1:9200
        catalog: millrace          | catalogue: millrace         | connections.iceberg.catalogue   | Did you mean catalog?
        type: jdbc                 | type: [jdbc]                | connections.iceberg.properties.type | it is a list. Give a text
        , password: hunter3        | ''                          | connections.opensearch.password | Cannot use connections.opensearch.user without connections.opensearch.password
        """)
    void mistakeIsReportedWithItsKeyAndWhatWouldBeRight(String right, String wrong, String key, String message) {
        String file = PIPELINE + CONNECTIONS;
        assertThat(file).contains(right);

        PipelineProblems problems = problemsOf(file.replaceFirst(
                java.util.regex.Pattern.quote(right), java.util.regex.Matcher.quoteReplacement(wrong)));

        assertThat(problems.problems()).anySatisfy(problem -> {
            assertThat(problem.key()).isEqualTo(key);
            assertThat(problem.message()).startsWith("Cannot ").contains(message);
        });
    }

    @Test
    void tableWithoutTargetIsReported() {
        assertThat(problemsOf(PIPELINE.replace("    opensearch: { index: tickets }\n", "") + CONNECTIONS)
                        .problems())
                .extracting(Problem::key)
                .containsExactly("tables[1]");
    }

    @Test
    void missingConnectionsAreReported() {
        assertThat(problemsOf(PIPELINE).problems())
                .containsExactly(new Problem(
                        "connections",
                        "Cannot find setting: connections. Give a section with kinesis, kafka, schema-registry,"
                                + " storage, iceberg, opensearch (pipeline.yaml line 1)"));
    }

    @ParameterizedTest
    @CsvSource({
        "kinesis,          sources[0].transport",
        "schema-registry,  sources[0].format",
        "opensearch,       tables[0].opensearch"
    })
    void connectionsThatSomethingNeedsAreReported(String section, String user) {
        String without = CONNECTIONS
                .lines()
                .filter(line -> !line.strip().startsWith(section + ":"))
                .collect(Collectors.joining("\n", "", "\n"));

        assertThat(problemsOf(PIPELINE + without).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .startsWith("Cannot find setting: connections." + section + ". Give it, as " + user));
    }

    @Test
    void connectionsThatNobodyNeedsMayBeLeftOut() throws IOException {
        String overKafka = (PIPELINE + CONNECTIONS)
                .replace("transport: kinesis", "transport: kafka")
                .replaceFirst(
                        "  kinesis: .*\n",
                        "  kafka: { bootstrap-servers: [\"broker:9092\", \"[::1]:9093\"],"
                                + " properties: { sasl.jaas.config: hunter2 } }\n")
                .replaceAll(" *opensearch: .*\n", "")
                .replace(
                        "    table: public.tickets\n    key: [tenant, ticket_id]\n",
                        "    table: public.tickets\n"
                                + "    key: [tenant, ticket_id]\n    iceberg: { table: logistics.tickets }\n");

        Pipeline pipeline = read(overKafka);

        assertThat(pipeline.sources().get(0).transport()).isEqualTo(Source.Transport.KAFKA);
        assertThat(pipeline.connections().kafka().bootstrapServers()).containsExactly("broker:9092", "[::1]:9093");
        assertThat(pipeline.connections().kafka().properties()).containsEntry("sasl.jaas.config", "hunter2");
        assertThat(pipeline.connections().toString()).doesNotContain("hunter2");
    }

    @Test
    void noMessageShowsASecret() {
        String file = (PIPELINE + CONNECTIONS)
                .replace("password: ${SOURCE_PASSWORD:-local}", "password: { hunter1: hunter2 }")
                .replace("password: hunter3", "password: [hunter3]")
                .replace("jdbc.password: hunter2", "jdbc.password: { x: hunter2 }");

        PipelineProblems problems = problemsOf(file);

        assertThat(problems.problems()).hasSize(3);
        assertThat(problems.toString()).doesNotContain("hunter");
    }

    @Test
    void substitutedValueIsNotShown() throws IOException {
        Path file = write("pipeline.yaml", (PIPELINE + CONNECTIONS).replace("shards: 2", "shards: ${SHARDS}"));

        PipelineProblems problems = problems(() -> PipelineFile.read(file, null, Map.of("SHARDS", "hunter2")));

        assertThat(problems.getMessage()).contains("${SHARDS}").doesNotContain("hunter2");
    }

    @Test
    void noRecordShowsASecret() throws IOException {
        assertThat(read(PIPELINE + CONNECTIONS).toString()).doesNotContain("hunter", "local]");
    }

    @Test
    void brokenYamlIsReportedWithItsLineAndWithoutItsText() {
        PipelineProblems problems = problemsOf("pipeline: logistics\npassword: 'hunter2\n");

        assertThat(problems.problems()).hasSize(1);
        assertThat(problems.getMessage())
                .contains("is not YAML", "(pipeline.yaml line")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``                        | holds no settings
        # nothing                 | holds no settings
        - a list                  | holds no settings
        just a text               | holds no settings
        {"a": 1}} trailing        | is not YAML
        *unknown                  | is not YAML
        """)
    void fileOfAnotherShapeIsReported(String content, String message) {
        assertThat(problemsOf(content).getMessage())
                .contains("Cannot read file")
                .contains(message);
    }

    @Test
    void secondDocumentIsReported() {
        assertThat(problemsOf(PIPELINE + CONNECTIONS + "---\npipeline: other\n").getMessage())
                .contains("holds a second YAML document");
    }

    @Test
    void missingFileIsReported() {
        PipelineProblems problems = problems(() -> PipelineFile.read(folder.resolve("none.yaml"), null, Map.of()));

        assertThat(problems.getMessage()).startsWith("Cannot find file: ").contains("none.yaml");
    }

    @Test
    void directoryIsReported() {
        assertThat(problems(() -> PipelineFile.read(folder, null, Map.of())).getMessage())
                .contains("it is a directory");
    }

    @Test
    void fileThatIsNotTextIsReported() throws IOException {
        Path file = folder.resolve("pipeline.yaml");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        assertThat(problems(() -> PipelineFile.read(file, null, Map.of())).getMessage())
                .contains("is not UTF-8");
    }

    @Test
    void binaryFileIsReported() {
        assertThat(problemsOf("\u0000\u0001\u0002").getMessage()).contains("is not YAML");
    }

    @Test
    void manyAliasesDoNoHarm() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(10) + "]\n");
        }

        assertThat(problemsOf(bomb.toString()).problems()).isNotEmpty();
    }

    private Pipeline read(String content) throws IOException {
        return PipelineFile.read(write("pipeline.yaml", content), null, Map.of());
    }

    private PipelineProblems problemsOf(String content) {
        return problems(() -> read(content));
    }

    private static PipelineProblems problems(org.assertj.core.api.ThrowableAssert.ThrowingCallable read) {
        PipelineProblems problems = catchThrowableOfType(PipelineProblems.class, read);
        assertThat(problems).isNotNull();
        return problems;
    }

    private Path write(String name, String content) throws IOException {
        return Files.write(folder.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void columnsAreTypesByName() throws IOException {
        Pipeline pipeline = read(withColumns(
                        "dms-json",
                        "{ shipment_id: int64, weight: \"decimal(10, 3)\", at: timestamptz(ms), tags: array(string) }")
                .replace("stream: millrace-logistics", "stream: millrace-logistics\n    before-image: old"));

        assertThat(pipeline.sources().get(0).beforeImage()).isEqualTo("old");
        assertThat(pipeline.tables().get(0).columns())
                .containsExactly(
                        entry("shipment_id", DeclaredType.parse("int64")),
                        entry("weight", new DeclaredType(new ColumnType.Decimal(10, 3), Spelling.PLAIN)),
                        entry("at", new DeclaredType(ColumnType.Primitive.TIMESTAMP_TZ, Spelling.MILLIS)),
                        entry("tags", DeclaredType.parse("array(string)")));
    }

    private static String withColumns(String format, String columns) {
        return (PIPELINE + CONNECTIONS)
                .replace("debezium-avro", format)
                .replace("    key: [shipment_id]\n", "    key: [shipment_id]\n    columns: " + columns + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dms-json      | { a: int }              | tables[0].columns.a | Cannot use tables[0].columns.a: int. Give a type",
                "dms-json      | { a: 'decimal(39,2)' }  | tables[0].columns.a | Give a type",
                "dms-json      | { a: 'decimal(2,3)' }   | tables[0].columns.a | Give a type",
                "dms-json      | { a: [int32] }          | tables[0].columns.a | it is a list. Give a type",
                "dms-json      | { a: array(array(int32)) } | tables[0].columns.a | Give a type",
                "debezium-json | [a]                     | tables[0].columns   | it is a list. Give a section of columns and types",
                "debezium-avro | { a: int32 }            | tables[0].columns   | records of debezium-avro carry their types"
            })
    void wrongColumnTypeIsReported(String format, String columns, String key, String message) {
        assertThat(problemsOf(withColumns(format, columns)).problems()).anySatisfy(problem -> {
            assertThat(problem.key()).isEqualTo(key);
            assertThat(problem.message()).contains(message);
        });
    }
}
