package io.millrace.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.status.CaptureStatus.State;
import java.net.Socket;
import java.net.URI;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.kinesis.KinesisClient;

@ExtendWith(LocalServers.Extension.class)
class OutageIT {

    @Test
    void databaseThatRestartsIsFollowedOn(LocalServers servers) throws Exception {
        try (SourceServer source = SourceServer.start("logical")) {
            Scene scene = new Scene(
                    servers,
                    source,
                    "restart",
                    "CREATE TABLE item (id int PRIMARY KEY, name text)",
                    "INSERT INTO item VALUES (1, 'a')");
            try (TestCapture capture = scene.capture()) {
                Scene.awaitState(capture, State.STREAMING);
                scene.run("INSERT INTO item VALUES (2, 'b')");
                scene.awaitRow(2);
                source.restart();
                scene.run("INSERT INTO item VALUES (3, 'c')");
                scene.awaitRow(3);
                assertThat(capture.failure()).isNull();
            }
            scene.assertConsumedIsEqual();
        }
    }

    @Test
    void lostSlotLeadsToANewSnapshotThatOutranksWhatWasStreamed(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "slotless",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item VALUES (1, 'a')");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("UPDATE item SET name = 'b'", "INSERT INTO item VALUES (2, 'b')");
            scene.awaitRow(2);
            // Offsets trail by one change; the next heartbeat brings them up.
            Awaitility.await().atMost(Scene.PATIENCE).until(() -> offsets(scene).contains("\"lsn_commit"));
        }
        scene.run(
                "SELECT pg_drop_replication_slot('millrace_slotless_slotless')",
                "UPDATE item SET name = 'unseen' WHERE id = 1");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("INSERT INTO item VALUES (3, 'c')");
            scene.awaitRow(3);
        }
        scene.await(change -> String.valueOf(change.after()).contains("unseen"));
        scene.assertConsumedIsEqual();
    }

    @Test
    void refusedSchemaEndsTheCaptureAndLosesNothing(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "refused",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item VALUES (1, 'a')");
        try (TestCapture capture = scene.capture()) {
            scene.awaitRow(1);
            Scene.awaitState(capture, State.STREAMING);
            scene.objects().write(FileRegistry.CLOSED, new byte[0]);
            scene.run("ALTER TABLE item ADD COLUMN extra int", "INSERT INTO item VALUES (2, 'b', 2)");
            Awaitility.await().atMost(Scene.PATIENCE).until(() -> capture.failure() != null);
            assertThat(Failures.explain(Objects.requireNonNull(capture.failure())))
                    .startsWith("Cannot register schema: refused.public.item.");
        }
        scene.objects().delete(FileRegistry.CLOSED);
        try (TestCapture capture = scene.capture()) {
            scene.awaitRow(2);
            assertThat(capture.failure()).isNull();
        }
        scene.assertConsumedIsEqual();
    }

    /** As every client does that is killed while it sends. */
    @Test
    void requestThatIsBrokenOffLeavesTheLocalKinesisRunning(LocalServers servers) throws Exception {
        KinesisClient other = servers.kinesis().client();
        URI address =
                URI.create(Objects.requireNonNull(servers.kinesis().connection().endpoint()));
        try (Socket client = new Socket(address.getHost(), address.getPort())) {
            client.setSoLinger(true, 0); // so that closing resets the connection
            client.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: kinesis\r\nContent-Length: 1000\r\n\r\n{".getBytes(UTF_8));
            other.listStreams();
        }

        for (int i = 0; i < 10; i++) {
            assertThat(other.listStreams().sdkHttpResponse().isSuccessful()).isTrue();
        }
    }

    private static String offsets(Scene scene) {
        byte[] state = scene.objects().read("capture/slotless/offsets.json");
        return state == null ? "" : new String(state, UTF_8).replace("\\", "");
    }
}
