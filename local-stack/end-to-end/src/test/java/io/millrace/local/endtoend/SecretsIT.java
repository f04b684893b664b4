package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * No masked value is shown in clear: not in the logs, reports and answers of any component, not in dead letters and their
 * review, not in a target. The demo's workload runs meanwhile, and processes are killed.
 */
class SecretsIT {
    private static final long SEED = Long.getLong("seed", 42);

    private static LivePipeline live;

    @BeforeAll
    static void startTheStack() throws Exception {
        String script = Files.readString(Path.of("../../pipelines/logistics.sql"))
                + Files.readString(Path.of("../../pipelines/helpdesk.sql"))
                + LivePipeline.resource("people.sql");
        live = LivePipeline.start("secrets", 12000, LivePipeline.resource("secrets.yaml"), Map.of("init.sql", script));
    }

    @AfterAll
    static void stopTheStack() throws Exception {
        live.stop();
    }

    @Test
    void noMaskedValueIsShownAnywhere() throws Exception {
        Secrets secrets = new Secrets(live);
        secrets.plant();
        workThroughKills();
        live.awaitLetters(Secrets.REFUSED);
        Answer differences = live.reconcile("--table", "people", "--settle", "5s", "--json");
        live.reconcile("--table", "people", "--settle", "5s");
        live.replay("table=public.people");
        secrets.takeBackWhatWasRefused();
        live.assertEqual();

        Evidence evidence = secrets.gather();

        assertThat(differences.exitCode()).as(differences.output()).isEqualTo(1);
        assertThat(evidence.of(Secrets.SHOWN))
                .as("what is searched, where it may be")
                .hasSizeGreaterThan(1);
        assertThat(evidence.of("malformed"))
                .as("dead letters in what is searched")
                .hasSizeGreaterThan(3);
        assertThat(evidence.of("secrets\tshop\tpublic.people\t"))
                .as("minutes of a table that has a rule of volume")
                .hasSize(1);
        assertThat(evidence.of("usual_changes_per_minute"))
                .as("its volume in the status")
                .isNotEmpty();
        assertThat(evidence.of("iceberg_latency_ms{"))
                .as("its latency among the metrics")
                .isNotEmpty();
        List<String> secret = new ArrayList<>(Secrets.VALUES);
        secret.addAll(customers());
        secret.add(Files.readString(live.data().resolve("masking.key")).strip());
        List<String> found = new ArrayList<>();
        secret.forEach(value -> found.addAll(evidence.of(value)));
        assertThat(found).as("of %d texts", evidence.size()).isEmpty();
    }

    private static void workThroughKills() throws Exception {
        try (LiveWorkload workload = LiveWorkload.start(live, 100, SEED)) {
            workload.await(300);
            live.kill("flink");
            workload.await(600);
            live.kill("capture-shop", "capture-shop-dms");
            workload.await(900);
            workload.finish();
        }
    }

    /** Masked values of some of the workload's customers, without texts that it puts into other columns as well. */
    private static List<String> customers() throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = live.connect("shop");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT email, phone FROM customers WHERE email LIKE '%_@_%' AND phone LIKE '+%' AND length(phone) > 8
                        ORDER BY md5(email) LIMIT 50""")) {
            while (rows.next()) {
                values.add(rows.getString(1));
                values.add(rows.getString(2));
            }
        }
        assertThat(values).hasSizeGreaterThan(20);
        return values;
    }
}
