package io.millrace.benchmarks.reconcile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** PostgreSQL and OpenSearch, each a process as in the local stack. */
final class Servers implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Path work;
    private final int port;
    private final List<Process> processes = new ArrayList<>();

    Servers(Path project, Path work, int port) throws Exception {
        this.work = work;
        this.port = port;
        try {
            start(
                    project.resolve("local-stack/postgres"),
                    "io.millrace.local.postgres.PostgresServer",
                    List.of("--port", "" + port, "--binaries", work.resolve("postgres-binaries") + ""));
            start(
                    project.resolve("local-stack/opensearch"),
                    "io.millrace.local.opensearch.OpenSearchServer",
                    List.of("--port", "" + (port + 1), "--transport-port", "" + (port + 2)));
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=millrace-local";
    }

    String opensearch() {
        return "http://127.0.0.1:" + (port + 1);
    }

    int postgresPort() {
        return port;
    }

    private void start(Path module, String main, List<String> arguments) throws IOException, InterruptedException {
        String name = module.getFileName().toString();
        String classPath = module.resolve("target/classes") + ":"
                + Files.readString(module.resolve("target/classpath")).strip();
        List<String> command = new ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx1g", "-cp", classPath, main));
        command.addAll(arguments);
        command.addAll(List.of("--data", work.resolve(name) + ""));
        Path ready = work.resolve(name + ".ready");
        Files.deleteIfExists(ready);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(work.resolve(name + ".log").toFile());
        builder.environment().put("MILLRACE_READY_FILE", ready + "");
        Process process = builder.start();
        processes.add(process);
        long deadline = System.nanoTime() + START_NANOS;
        while (!Files.exists(ready)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("Cannot start " + name + ": see " + work.resolve(name + ".log"));
            }
            Thread.sleep(100);
        }
    }

    /** Processor seconds of a server with all processes that it has started: 0 for PostgreSQL, 1 for OpenSearch. */
    double cpuSeconds(int server) {
        ProcessHandle process = processes.get(server).toHandle();
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToDouble(Servers::cpuSeconds)
                .sum();
    }

    /** With the children that have ended, such as a connection's: fields 14 to 17 of proc(5), in hundredths of a second. */
    private static double cpuSeconds(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11])
                            + Long.parseLong(fields[12])
                            + Long.parseLong(fields[13])
                            + Long.parseLong(fields[14]))
                    / 100.0;
        } catch (IOException ended) {
            return 0;
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
