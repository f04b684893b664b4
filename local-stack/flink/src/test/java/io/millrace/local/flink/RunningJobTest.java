package io.millrace.local.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningJobTest {

    @TempDir
    Path directory;

    private Path jar;
    private Path restored;
    private String checkpoints;

    @BeforeEach
    void packJob() throws IOException {
        jar = directory.resolve("job.jar");
        restored = directory.resolve("restored");
        checkpoints = directory.resolve("checkpoints").toUri().toString();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, CountingJob.class.getName());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            add(out, CountingJob.class.getName());
            add(out, CountingJob.class.getName() + "$Counter");
        }
    }

    @Test
    void nextStartResumesFromTheNewestCheckpoint() throws Exception {
        int port = freePort();
        try (RunningJob first = start(port, Optional.empty())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> restoredCount() == 0);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> RetainedCheckpoints.under(checkpoints).newest().isPresent());
        }
        Optional<String> newest = RetainedCheckpoints.under(checkpoints).newest();
        assertThat(newest).isPresent();
        try (RunningJob second = start(port, newest)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> restoredCount() > 0);
        }
    }

    @Test
    void jobRunsFromItsJarInAClassLoaderOfItsOwn() throws Exception {
        try (RunningJob running = start(freePort(), Optional.empty())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> restoredCount() == 0);
            assertThat(Files.readString(restored)).contains("org.apache.flink.util.ChildFirstClassLoader");
        }
    }

    @Test
    void servesTheWebUi() throws Exception {
        int port = freePort();
        try (RunningJob running = start(port, Optional.empty())) {
            HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/index.html"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("Apache Flink");
        }
    }

    @Test
    void tellsPrometheusItsMetrics() throws Exception {
        int metricsPort = freePort();
        try (RunningJob running = start(freePort(), metricsPort, Optional.empty())) {
            HttpResponse<String> metrics = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.body()).contains("flink_jobmanager_numRunningJobs");
        }
    }

    private RunningJob start(int port, Optional<String> checkpoint) throws Exception {
        return start(port, 0, checkpoint);
    }

    private RunningJob start(int port, int metricsPort, Optional<String> checkpoint) throws Exception {
        Configuration settings = ClusterSettings.of(port, metricsPort, 1, directory.resolve("data"), checkpoints, null);
        return RunningJob.start(settings, jar.toFile(), List.of(restored.toString()), checkpoint.orElse(null));
    }

    private long restoredCount() {
        try {
            return Files.exists(restored)
                    ? Long.parseLong(Files.readString(restored).split(" ")[0])
                    : -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(JarOutputStream out, String className) throws IOException {
        String entry = className.replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(entry));
        try (InputStream in = CountingJob.class.getClassLoader().getResourceAsStream(entry)) {
            assertThat(in).isNotNull();
            in.transferTo(out);
        }
        out.closeEntry();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
