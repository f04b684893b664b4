package io.millrace.batch.mart;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.DirectoryPipeline;
import io.millrace.batch.LocalSpark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The product's own mart file on a day that can be checked by hand. */
class LogisticsMartsTest {
    private static final LocalDate DAY = LocalDate.now(ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void dayHasTheFiguresThatOneCountsByHand() throws Exception {
        DirectoryPipeline pipeline = new DirectoryPipeline(folder);
        pipeline.write("lake", "logistics.shipments");
        SparkSession spark = pipeline.spark("lake");
        writeTables(spark);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int exitCode = MartJob.run(
                pipeline.commandLine(
                        "--marts",
                        Path.of("..", "pipelines", "logistics-marts.yaml").toString(),
                        "--date",
                        DAY.toString()),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                LocalSpark::session,
                Clock.offset(Clock.systemUTC(), Duration.ofDays(2)));

        assertThat(err.toString() + out).contains("published").doesNotContain("failed");
        assertThat(exitCode).isZero();
        assertThat(
                        rows(
                                spark,
                                "SELECT segment, service, created, delivered, on_time, on_time_rate, mean_transit_minutes,"
                                        + " scans, exceptions, unseen, tickets FROM lake.marts.daily_shipments ORDER BY segment, service"))
                .containsExactly(
                        "[business,express,0,2,1,0.5000,2880.0,3,1,0,1]", "[private,standard,1,0,0,null,null,1,0,1,0]");
        assertThat(
                        rows(
                                spark,
                                "SELECT segment, priority, opened, resolved, open_at_end, reopened, duplicates,"
                                        + " duplicate_rate, mean_resolution_minutes FROM lake.marts.daily_tickets ORDER BY segment"))
                .containsExactly("[business,1,2,1,2,1,1,0.5000,60.0]");
    }

    private static void writeTables(SparkSession spark) {
        spark.sql("CREATE TABLE lake.logistics.customers (customer_id bigint, business boolean) USING iceberg");
        spark.sql("INSERT INTO lake.logistics.customers VALUES (1, true), (2, false)");
        spark.sql("CREATE TABLE lake.logistics.shipments (shipment_id string, customer_id bigint, status string,"
                + " service string, origin string, destination string, promised_on date, created_at timestamp,"
                + " delivered_at timestamp) USING iceberg");
        // Two delivered on the day, one of them too late; one created on it; one that nobody has seen; one long done.
        spark.sql("INSERT INTO lake.logistics.shipments VALUES "
                + shipment("a", 1, "delivered", "express", DAY, 24, 12) + ", "
                + shipment("b", 1, "delivered", "express", DAY.minusDays(1), 48, 12) + ", "
                + shipment("c", 2, "created", "standard", DAY.plusDays(3), -1, null) + ", "
                + shipment("d", 2, "in_transit", "standard", DAY, 30, null) + ", "
                + shipment("e", 2, "lost", "standard", DAY, 300, null));
        spark.sql("CREATE TABLE lake.logistics.shipment_events (shipment_id string, event_no int, status string,"
                + " occurred_at timestamp) USING iceberg");
        spark.sql("INSERT INTO lake.logistics.shipment_events VALUES ('a', 1, 'customs', " + at(DAY, 1) + "), ('a', 2,"
                + " 'delivered', " + at(DAY, 12) + "), ('b', 1, 'delivered', " + at(DAY, 12) + "), ('c', 1, 'created', "
                + at(DAY, 1) + "), ('d', 1, 'in_transit', " + at(DAY.minusDays(1), 5) + ")");
        spark.sql("CREATE TABLE lake.helpdesk.tickets (ticket_id bigint, customer_id bigint, shipment_id string,"
                + " status string, priority int, subject string, opened_at timestamp, resolved_at timestamp)"
                + " USING iceberg");
        spark.sql("INSERT INTO lake.helpdesk.tickets VALUES (1, 1, 'z', 'resolved', 1, 'Where?', "
                + at(DAY.minusDays(1), 23) + ", " + at(DAY, 0) + "), (2, 1, 'a', 'opened', 1, 'Where?', " + at(DAY, 9)
                + ", NULL), (3, 1, NULL, 'reopened', 1, 'Refund', " + at(DAY, 10) + ", NULL)");
    }

    private static String shipment(
            String id,
            int customer,
            String status,
            String service,
            LocalDate promised,
            int hoursOld,
            @Nullable Integer delivered) {
        return "('" + id + "', " + customer + ", '" + status + "', '" + service + "', 'Berlin', 'Dublin', date'"
                + promised + "', " + at(DAY, -hoursOld) + ", " + (delivered == null ? "NULL" : at(DAY, delivered))
                + ")";
    }

    private static String at(LocalDate day, int hour) {
        return "timestamp'" + day.atStartOfDay().plusHours(hour) + ":00Z'";
    }

    private static List<String> rows(SparkSession spark, String query) {
        return spark.sql(query).collectAsList().stream().map(Object::toString).toList();
    }
}
