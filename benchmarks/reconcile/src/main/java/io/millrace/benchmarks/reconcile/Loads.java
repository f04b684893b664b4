package io.millrace.benchmarks.reconcile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.PGCopyOutputStream;

/** Puts the rows into their places. */
final class Loads {
    static final String TABLE = "parcels";
    private static final int ROWS_AT_ONCE = 10_000;
    private static final int ROWS_OF_A_FILE = 1_000_000;
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "customer", Types.StringType.get()),
            Types.NestedField.optional(3, "status", Types.StringType.get()),
            Types.NestedField.optional(4, "amount", Types.DecimalType.of(12, 2)),
            Types.NestedField.optional(5, "weight", Types.DoubleType.get()),
            Types.NestedField.optional(6, "created_at", Types.TimestampType.withZone()),
            Types.NestedField.optional(7, "note", Types.StringType.get()));

    private final Plants plants;
    private final long rows;

    Loads(Plants plants, long rows) {
        this.plants = plants;
        this.rows = rows;
    }

    void source(String jdbcUrl) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + TABLE + " (id bigint PRIMARY KEY, customer text, status text,"
                    + " amount numeric(12,2), weight double precision, created_at timestamptz, note text)");
            CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + TABLE + " FROM STDIN");
            try (PGCopyOutputStream out = new PGCopyOutputStream(copy, 1 << 16)) {
                plants.rows(Place.SOURCE, 0, rows, row -> {
                    String line = row.id() + "\t" + row.customer() + "\t" + row.status() + "\t"
                            + row.amount().toPlainString() + "\t" + row.weight() + "\t" + row.createdAtText() + "\t"
                            + (row.note() == null ? "\\N" : row.note()) + "\n";
                    try {
                        out.write(line.getBytes(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
            statement.execute("ANALYZE " + TABLE);
        }
    }

    void iceberg(Catalog catalog) throws IOException {
        ((SupportsNamespaces) catalog).createNamespace(org.apache.iceberg.catalog.Namespace.of("bench"));
        Table table = catalog.createTable(
                TableIdentifier.of("bench", TABLE),
                SCHEMA,
                PartitionSpec.unpartitioned(),
                Map.of("format-version", "2"));
        AppendFiles append = table.newAppend();
        for (long from = 0; from < rows; from += ROWS_OF_A_FILE) {
            DataWriter<GenericRecord> writer = Parquet.writeData(table.io()
                            .newOutputFile(table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet")))
                    .forTable(table)
                    .createWriterFunc(GenericParquetWriter::create)
                    .withSpec(table.spec())
                    .build();
            try (writer) {
                plants.rows(
                        Place.ICEBERG, from, Math.min(rows, from + ROWS_OF_A_FILE), row -> writer.write(record(row)));
            }
            append.appendFile(writer.toDataFile());
        }
        append.commit();
    }

    private static GenericRecord record(Parcel row) {
        GenericRecord record = GenericRecord.create(SCHEMA);
        record.set(0, row.id());
        record.set(1, row.customer());
        record.set(2, row.status());
        record.set(3, row.amount());
        record.set(4, row.weight());
        record.set(5, row.createdAt().atOffset(ZoneOffset.UTC));
        record.set(6, row.note());
        return record;
    }

    /** Fields are not indexed, which only searches for their values would need. */
    void index(String host) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        send(
                client,
                "PUT",
                host + "/" + TABLE,
                "application/json",
                "{\"settings\": {\"number_of_shards\": 2,"
                        + " \"number_of_replicas\": 0, \"refresh_interval\": \"-1\", \"translog.durability\": \"async\"},"
                        + " \"mappings\": {\"dynamic\": false}}");
        for (long from = 0; from < rows; from += ROWS_AT_ONCE) {
            StringBuilder bulk = new StringBuilder(ROWS_AT_ONCE * 256);
            plants.rows(Place.OPENSEARCH, from, Math.min(rows, from + ROWS_AT_ONCE), row -> append(bulk, row));
            send(
                    client,
                    "POST",
                    host + "/" + TABLE + "/_bulk?filter_path=errors",
                    "application/x-ndjson",
                    bulk.toString());
        }
        send(client, "POST", host + "/" + TABLE + "/_refresh", "application/json", "");
    }

    private static void append(StringBuilder bulk, Parcel row) {
        bulk.append("{\"index\":{\"_id\":\"")
                .append(row.id())
                .append("\"}}\n{\"id\":")
                .append(row.id());
        bulk.append(",\"customer\":\"")
                .append(row.customer())
                .append("\",\"status\":\"")
                .append(row.status());
        bulk.append("\",\"amount\":\"")
                .append(row.amount().toPlainString())
                .append("\",\"weight\":")
                .append(row.weight());
        bulk.append(",\"created_at\":\"").append(row.createdAtText()).append("\",\"note\":");
        if (row.note() == null) {
            bulk.append("null");
        } else {
            bulk.append('"').append(row.note()).append('"');
        }
        bulk.append("}\n");
    }

    private static void send(HttpClient client, String method, String uri, String type, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .header("Content-Type", type)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300 || answer.body().contains("\"errors\":true")) {
            throw new IOException("Cannot load the index: " + answer.statusCode() + " " + answer.body());
        }
    }
}
