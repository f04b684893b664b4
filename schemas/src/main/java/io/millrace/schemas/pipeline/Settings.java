package io.millrace.schemas.pipeline;

import static io.millrace.schemas.pipeline.Setting.optional;
import static io.millrace.schemas.pipeline.Setting.required;
import static io.millrace.schemas.pipeline.SettingTypes.choice;
import static io.millrace.schemas.pipeline.SettingTypes.decimal;
import static io.millrace.schemas.pipeline.SettingTypes.duration;
import static io.millrace.schemas.pipeline.SettingTypes.integer;
import static io.millrace.schemas.pipeline.SettingTypes.oneOf;

import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.pipeline.SettingType.Group;
import io.millrace.schemas.pipeline.SettingType.Groups;
import io.millrace.schemas.pipeline.SettingType.Properties;
import io.millrace.schemas.pipeline.SettingType.Values;
import java.time.Duration;
import java.util.List;

/** The table of all settings: what a file is checked against, and what its documentation is generated from. */
final class Settings {
    private Settings() {}

    private static final Group DATABASE = group(
            required("type", choice(Database.Kind.class), "The database product."),
            optional(
                    "host",
                    SettingTypes.TEXT,
                    "The server's address; left out, it is the server that `./millrace up` starts."),
            optional(
                    "port",
                    integer(1, 65535),
                    "The server's port; if only `host` is given, 5432 of postgresql and 3306 of mariadb."),
            required("name", SettingTypes.DATABASE_NAME, "The database's name."),
            required(
                    "user",
                    SettingTypes.DATABASE_NAME,
                    "Who reads the database; needs the rights to replicate and to read the tables."),
            required("password", SettingTypes.SECRET, "The user's password; take it from the environment."),
            optional(
                    "init",
                    SettingTypes.RELATIVE_PATH,
                    "A SQL script, relative to this file, that `./millrace up` runs once in a database it creates."),
            optional(
                    "server-id",
                    integer(1, 999_999_999),
                    "Of mariadb: as whom the capture reads the binary log, no other replica's number; left out, it is made of"
                            + " the pipeline's and the source's name."));

    private static final Group SOURCE = group(
            required("name", SettingTypes.SOURCE_NAME, "Names the source in `tables`, in table names and in metrics."),
            required("format", choice(Source.Format.class), "The format of the stream's records."),
            optional("transport", choice(Source.Transport.class), "kinesis", "What carries the stream."),
            required(
                    "stream", SettingTypes.STREAM_NAME, "The stream's name, or the topic's; no two sources share one."),
            optional(
                    "before-image",
                    SettingTypes.TEXT,
                    "before-image",
                    "In dms-json: the field with the row before the change, as DMS's BeforeImageSettings name it."),
            optional(
                    "inline-schema",
                    SettingTypes.FLAG,
                    "false",
                    "In debezium-json that Millrace's capture writes: whether each record has its schema; without, declare"
                            + " the `columns` of its tables."),
            optional(
                    "shards",
                    integer(1, 10_000),
                    "1",
                    "How many shards a stream, or partitions a topic, gets that does not exist yet."),
            optional(
                    "database",
                    DATABASE,
                    "The database that Millrace captures into the stream; left out, somebody else writes the stream."));

    private static final SettingType.Scalar ALLOWED_LATENESS = duration(Duration.ZERO, Duration.ofDays(3650));

    private static final String ALLOWED_LATENESS_SENTENCE =
            "How far behind the watermark a change may be before it is late.";

    private static final SettingType.Scalar LATE = choice(Lateness.Policy.class);

    private static final String LATE_SENTENCE =
            "What becomes of a late change that is the newest of its row; snapshot rows are never late.";

    private static final Group EVENT_TIME = group(
            optional(
                    "out-of-orderness",
                    duration(Duration.ZERO, Duration.ofDays(1)),
                    "5s",
                    "How much later than younger events an event may come before it counts as behind the watermark."),
            optional(
                    "idleness",
                    duration(Duration.ofSeconds(1), Duration.ofDays(1)),
                    "30s",
                    "After how long without an event a shard no longer holds back the watermark."),
            optional(
                    "max-ahead",
                    duration(Duration.ZERO, Duration.ofDays(365)),
                    "5m",
                    "How far an event's time may be after its arrival; further ahead it is a dead letter, as its clock is"
                            + " wrong."),
            optional("allowed-lateness", ALLOWED_LATENESS, "2h", ALLOWED_LATENESS_SENTENCE),
            optional("late", LATE, "dead-letter", LATE_SENTENCE));

    private static final Group DEDUPLICATION = group(optional(
            "window",
            duration(Duration.ofSeconds(1), Duration.ofDays(7)),
            "10m",
            "For how much event time a change without a source position is recognised when it comes again."));

    private static final Group TOMBSTONES = group(optional(
            "retention",
            duration(Duration.ofHours(1), Duration.ofDays(3650)),
            "7d",
            "For how much event time a deleted row is remembered, so that an older change does not bring it back."));

    private static final Group CHECKPOINTS = group(
            optional(
                    "interval",
                    duration(Duration.ofSeconds(1), Duration.ofHours(1)),
                    "10s",
                    "The time between two checkpoints; each ends with a commit to Iceberg, which readers then see."),
            optional(
                    "commit-interval",
                    duration(Duration.ZERO, Duration.ofHours(24)),
                    "0s",
                    "The least time between two commits to an Iceberg table, for fewer snapshots than checkpoints; 0s"
                            + " commits with every checkpoint."));

    private static final Group ICEBERG_TARGET = group(
            required(
                    "table",
                    SettingTypes.ICEBERG_TABLE,
                    "The table; it is created if it does not exist. Of several source tables, `{table}` and `{schema}` stand for"
                            + " the names of each."),
            optional(
                    "partition-by",
                    new Values(SettingTypes.PARTITION_FIELD),
                    "[]",
                    "How a new table is partitioned; not partitioned if empty."),
            optional(
                    "format-version",
                    oneOf(2, 3),
                    "2",
                    "The format version of a new table; 3 has deletion vectors, which not every engine reads yet."),
            optional(
                    "key-bloom-filter",
                    SettingTypes.FLAG,
                    "false",
                    "Whether a new table's files have Parquet bloom filters on the key columns; helps readers that look"
                            + " for single, random keys, and costs about 1.2 bytes a row and key column."));

    private static final Group OPENSEARCH_TARGET = group(required(
            "index",
            SettingTypes.INDEX_NAME,
            "The index; it is created if it does not exist. Of several source tables, `{table}` and `{schema}` stand for"
                    + " the names of each."));

    /** What a rule of each kind takes of it is in {@link QualityChecks}. */
    static final Group RULE = group(
            required("rule", choice(Rule.Kind.class), "What is asked of each change; see [rules](quality.md)."),
            optional("column", SettingTypes.COLUMN, "The column that the rule is for."),
            optional("min", SettingTypes.TEXT, "Of `range`: the least value, a number or a date."),
            optional("max", SettingTypes.TEXT, "Of `range`: the greatest value."),
            optional("pattern", SettingTypes.REGEX, "Of `pattern`: what the whole text must match."),
            optional("values", new Values(SettingTypes.TEXT), "Of `one-of`: the values that there are."),
            optional("length", integer(0, 100_000_000), "Of `max-length`: how many characters, bytes or elements."),
            optional("table", SettingTypes.SOURCE_TABLE, "Of `references`: the table that the value refers to."),
            optional(
                    "window",
                    duration(Duration.ofSeconds(1), Duration.ofDays(1)),
                    "Of `unique-in-window`: how long a value is taken; 10m if left out. Of `volume`: over how long changes"
                            + " are averaged, in whole minutes; 1h if left out."),
            optional(
                    "too-few",
                    decimal("0", "0.99"),
                    "Of `volume`: fewer changes a minute than so many times the average are too few; 0.1 if left out, 0 for"
                            + " never."),
            optional(
                    "too-many",
                    decimal("1.01", "1000000"),
                    "Of `volume`: more changes a minute than so many times the average are too many; 10 if left out."),
            optional(
                    "at-least",
                    integer(0, 100_000_000),
                    "Of `volume`: the average, in changes a minute, below which nothing is said; 10 if left out."),
            optional(
                    "action",
                    choice(Rule.Action.class),
                    "dead-letter",
                    "What becomes of a change that breaks the rule."));

    private static final Group MASKING = group(
            optional(
                    "key",
                    SettingTypes.SECRET_OF_ENVIRONMENT,
                    "The key that masks and raw dead letters take; at least 32 characters, the same for ever."),
            optional("secret", SettingTypes.SECRET_ARN, "Instead: the secret in AWS Secrets Manager that holds it."),
            endpoint("Secrets Manager"));

    private static final Group TABLE = group(
            required("source", SettingTypes.TEXT, "The name of one of the `sources`."),
            required(
                    "table",
                    SettingTypes.SOURCE_TABLE,
                    "The table as its database names it: schema and table of postgresql, database and table of mariadb. A `*` in its name, as in `public.orders_*`, routes all tables that match,"
                            + " also those that are made later, unless another route names them."),
            required(
                    "key",
                    new Values(SettingTypes.COLUMN, "primary"),
                    "The columns that identify a row: its primary key or another unique, never null one; `primary` is the"
                            + " primary key as the stream's schemas name it, which those of Millrace's own capture do."),
            optional(
                    "allowed-lateness",
                    ALLOWED_LATENESS,
                    ALLOWED_LATENESS_SENTENCE + " Left out, it is that of `event-time`."),
            optional("late", LATE, LATE_SENTENCE + " Left out, it is that of `event-time`."),
            optional(
                    "columns",
                    new Properties("columns and types", SettingTypes.COLUMN_TYPE),
                    "The types of columns, for records that do not carry them (dms-json, debezium-json without schema); a"
                            + " column that is not declared is text."),
            optional(
                    "truncate",
                    choice(TableRoute.OnTruncate.class),
                    "dead-letter",
                    "What a TRUNCATE of the table does: `apply` removes the rows that are older than it from the targets; `dead-letter`"
                            + " keeps them, and it becomes a dead letter."),
            optional("iceberg", ICEBERG_TARGET, "The Iceberg table that the rows go to."),
            optional("opensearch", OPENSEARCH_TARGET, "The search index that the rows go to."),
            optional(
                    "renames",
                    new Properties("new names and old names", SettingTypes.COLUMN),
                    "Columns that the source has renamed or is going to rename, each as `new: old`; the targets then keep the"
                            + " column's values. Read when the job starts: `./millrace down` and `up`, or a savepoint."),
            optional(
                    "masks",
                    new Properties("columns and their masks", choice(Mask.class)),
                    "What is written in the place of a column's values; see [masks](quality.md)."),
            optional("rules", new Groups(RULE), "What the changes must be like; see [rules](quality.md)."));

    private static final Group CONNECTIONS = group(
            optional(
                    "kinesis",
                    group(
                            required("region", SettingTypes.REGION, "The AWS region of the streams."),
                            endpoint("Kinesis")),
                    "Where the streams are; needed by sources with `transport: kinesis`."),
            optional(
                    "kafka",
                    group(
                            required(
                                    "bootstrap-servers",
                                    new Values(SettingTypes.SERVER_ADDRESS),
                                    "The addresses of some of the brokers."),
                            optional(
                                    "properties",
                                    new Properties("names and texts", SettingTypes.PROPERTY),
                                    "Kafka's own client properties (`security.protocol`, `sasl.jaas.config`, …), passed"
                                            + " through to every client.")),
                    "Where the topics are; needed by sources with `transport: kafka`."),
            optional(
                    "schema-registry",
                    group(
                            required("region", SettingTypes.REGION, "The AWS region of the registry."),
                            endpoint("the Glue Schema Registry"),
                            required("name", SettingTypes.REGISTRY_NAME, "The registry's name."),
                            optional(
                                    "compatibility",
                                    choice(Connections.SchemaRegistry.Compatibility.class),
                                    "backward",
                                    "What the versions of a schema that is registered from now on must be able to do.")),
                    "Where the schemas of the streams' records are; needed by sources with `format: debezium-avro`."),
            required(
                    "storage",
                    group(
                            required("region", SettingTypes.REGION, "The AWS region of the bucket."),
                            endpoint("S3"),
                            required(
                                    "location",
                                    SettingTypes.S3_LOCATION,
                                    "Under which everything is kept; each pipeline has one of its own.")),
                    "Where checkpoints, capture offsets and payloads over the stream's record limit are kept."),
            required(
                    "iceberg",
                    group(
                            required("catalog", SettingTypes.TEXT, "The catalog's name."),
                            required(
                                    "properties",
                                    new Properties("names and texts", SettingTypes.PROPERTY),
                                    "Iceberg's own catalog properties (`type` or `catalog-impl`, `warehouse`, `io-impl`,"
                                            + " …), passed through.")),
                    "The catalog of the Iceberg tables."),
            optional(
                    "opensearch",
                    group(
                            required(
                                    "hosts",
                                    new Values(SettingTypes.HTTP_ADDRESS),
                                    "The addresses of the cluster's nodes."),
                            optional("user", SettingTypes.TEXT, "Who writes, if the cluster asks for it."),
                            optional("password", SettingTypes.SECRET, "The user's password."),
                            optional(
                                    "replicas",
                                    integer(0, 20),
                                    "1",
                                    "How many copies beside the first a new index gets.")),
                    "The search cluster; needed by tables with `opensearch`."));

    /** The pipeline file. */
    static final Group PIPELINE = group(
            required(
                    "pipeline",
                    SettingTypes.PIPELINE_NAME,
                    "Names the pipeline in table snapshots, replication slots and metrics; never changes."),
            required("sources", new Groups(SOURCE), "The streams of change events that feed the pipeline."),
            optional("event-time", EVENT_TIME, "How time is read off the events."),
            optional(
                    "deduplication",
                    DEDUPLICATION,
                    "How changes without a source position are recognised as duplicates."),
            optional("tombstones", TOMBSTONES, "How long deleted rows are remembered."),
            optional(
                    "masking",
                    MASKING,
                    "Where the masking key is; left out, it is `MILLRACE_MASKING_KEY` in the environment, if that is set."),
            optional("checkpoints", CHECKPOINTS, "How often the job's state is made durable."),
            optional(
                    "ingestion-minutes",
                    SettingTypes.FLAG,
                    "false",
                    "Whether `ops.ingestion_minutes` is written: what came in, by table and minute of event time. A rule"
                            + " `volume` writes it too."),
            required("tables", new Groups(TABLE), "The tables that flow, and where to."),
            required("connections", CONNECTIONS, "Where the servers are; here or in a file of its own."));

    /** The file that is given with {@code --connections}: the section of that name, and nothing else. */
    static final Group CONNECTIONS_FILE = group(required("connections", CONNECTIONS, "Where the servers are."));

    private static Setting endpoint(String server) {
        return optional(
                "endpoint",
                SettingTypes.HTTP_ADDRESS,
                "The address of " + server + "; left out, it is AWS's own of the region.");
    }

    private static Group group(Setting... settings) {
        return new Group(List.of(settings));
    }
}
