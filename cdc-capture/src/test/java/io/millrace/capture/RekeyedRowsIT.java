package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.status.CaptureStatus.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalServers.Extension.class)
class RekeyedRowsIT {

    /** PostgreSQL keeps the text outside of the row, and leaves it out of an update that does not change it. */
    @Test
    void aRowUnderANewKeyHasItsLargeValues(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "rekeyed",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "ALTER TABLE item ALTER COLUMN name SET STORAGE EXTERNAL",
                "INSERT INTO item SELECT i, repeat(md5(i::text), 200) FROM generate_series(1, 5) i");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("UPDATE item SET id = id + 1000", "INSERT INTO item VALUES (0, 'end')");
            scene.awaitRows(1001, 1005);
        }
        scene.assertConsumedIsEqual();
    }

    /** A commit that waits for a standby is on the replication stream, but no other session sees its rows. */
    @Test
    void aRowUnderANewKeyIsReadOnceItsTransactionIsVisible(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "rekeyed_early",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "ALTER TABLE item ALTER COLUMN name SET STORAGE EXTERNAL",
                "INSERT INTO item VALUES (1, repeat('large', 2000))");
        try (TestCapture capture = scene.capture();
                Connection session = scene.connect();
                Statement statement = session.createStatement()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
            CompletableFuture<Void> commit;
            try {
                Thread.sleep(1_000); // until the server has taken the setting in
                statement.execute("SET synchronous_commit = on");
                commit = CompletableFuture.runAsync(() -> {
                    try {
                        statement.execute("UPDATE item SET id = 2");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                Thread.sleep(2_000); // ample time to read the row too early
                assertThat(commit).as("waits for the standby").isNotDone();
            } finally {
                scene.run("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
            }
            commit.join();
            scene.awaitRow(2);
        }
        scene.assertConsumedIsEqual();
    }
}
