package io.millrace.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is wrong is told in one clear message each, with the right exit code, and nothing is left running. */
class BadInputIT {
    private static final Path HOME = Path.of("target/bad-input").toAbsolutePath();
    private static final String OFFSET = "1600";

    @AfterAll
    static void nothingIsLeft() {
        Processes.assertNoneLeft(HOME);
    }

    @Test
    void allMistakesOfAPipelineFileAreTold() throws Exception {
        Command up = up("mistakes", """
                pipeline: Not A Name
                sources:
                  - name: shop
                    format: debezium-xml
                    transport: kinesis
                    stream: s
                tables:
                  - source: other
                    table: public.t
                    key: []
                    colour: blue
                """);

        assertThat(up.exitCode(Duration.ofMinutes(1))).as(up.output()).isEqualTo(2);
        assertThat(up.output())
                .contains("pipeline", "sources[0].format", "tables[0].key", "tables[0].colour")
                .contains("Cannot")
                .doesNotContain("Exception", "\tat ");
        assertThat(up.output().lines().filter(line -> line.startsWith("Cannot")).count())
                .isGreaterThanOrEqualTo(4);
    }

    @Test
    void tableWithoutPrimaryKeyAndMissingTableAreTold() throws Exception {
        Files.createDirectories(HOME);
        Files.writeString(
                HOME.resolve("no-key.sql"), "CREATE TABLE no_key (id int); CREATE TABLE fine (id int PRIMARY KEY);");
        Command up = up("no-key", pipeline("init: no-key.sql", "no_key", "fine", "not_there"));

        assertThat(up.exitCode(Duration.ofMinutes(4))).as(up.output()).isNotZero();
        assertThat(up.output())
                .contains("public.no_key", "primary key", "public.not_there")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void wrongPasswordIsTold() throws Exception {
        // The stack's own server takes what the pipeline file says; somebody else's does not.
        Command up = up(
                "password",
                pipeline("host: 127.0.0.1, port: " + (15432 + Integer.parseInt(OFFSET)), "fine")
                        .replace("password: millrace-local", "password: wrong"));

        assertThat(up.exitCode(Duration.ofMinutes(4))).as(up.output()).isNotZero();
        assertThat(up.output()).contains("Cannot", "password").doesNotContain("wrong", "Exception", "\tat ");
    }

    @Test
    void takenPortIsTold() throws Exception {
        int port = 19010 + Integer.parseInt(OFFSET);
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Command up = up("port", pipeline("", "fine"));

            assertThat(up.exitCode(Duration.ofMinutes(1))).as(up.output()).isEqualTo(1);
            assertThat(up.output())
                    .contains("Cannot", Integer.toString(taken.getLocalPort()), "--port registry=")
                    .doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void reconcileWithoutAStackIsTold() throws Exception {
        Path file = HOME.resolve("alone.yaml");
        Files.createDirectories(HOME);
        Files.writeString(file, pipeline("", "fine"));

        Command reconcile = Command.run(
                HOME.resolve("alone.txt"),
                "reconcile",
                "--pipeline",
                file.toString(),
                "--data",
                HOME.resolve("nobody").toString());

        assertThat(reconcile.exitCode(Duration.ZERO)).isEqualTo(1);
        assertThat(reconcile.output()).contains("Cannot find a running stack", "./millrace up");
    }

    @Test
    void compactionWithoutAStackIsTold() throws Exception {
        Command compact = Command.run(
                HOME.resolve("compact-alone.txt"),
                "compact",
                "--data",
                HOME.resolve("nobody").toString());

        assertThat(compact.exitCode(Duration.ZERO)).isEqualTo(1);
        assertThat(compact.output()).contains("Cannot find a running stack", "./millrace up");
    }

    @Test
    void loadWithoutAStackIsTold() throws Exception {
        Command load = Command.run(
                HOME.resolve("load-alone.txt"),
                "load",
                "--data",
                HOME.resolve("nobody").toString());

        assertThat(load.exitCode(Duration.ZERO)).isEqualTo(1);
        assertThat(load.output()).contains("Cannot find a running stack", "./millrace up");
    }

    private static Command up(String name, String pipeline) throws IOException, InterruptedException {
        Files.createDirectories(HOME);
        Path file = HOME.resolve(name + ".yaml");
        Files.writeString(file, pipeline);
        return Command.run(
                HOME.resolve(name + ".txt"),
                "up",
                "--pipeline",
                file.toString(),
                "--data",
                HOME.resolve(name).toString(),
                "--port-offset",
                OFFSET);
    }

    private static String pipeline(String database, String... tables) {
        StringBuilder text = new StringBuilder("""
                pipeline: bad-input
                sources:
                  - name: shop
                    format: debezium-avro
                    transport: kinesis
                    stream: millrace-bad-input
                    database: {type: postgresql, name: shop, user: millrace, password: millrace-local, DATABASE}
                tables:
                """.replace(", DATABASE", database.isEmpty() ? "" : ", " + database));
        for (String table : tables) {
            text.append("""
                      - source: shop
                        table: public.TABLE
                        key: [id]
                        opensearch: {index: TABLE}
                    """.replace("TABLE", table));
        }
        return text.toString();
    }
}
