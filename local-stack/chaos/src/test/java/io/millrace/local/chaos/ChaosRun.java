package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.iceberg.UpsertTable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/** One seed: a job, twenty bad moments, an end, and the check of all that was ever committed. */
final class ChaosRun {
    private static final int MOMENTS = 20;
    private static final int MOST_KILLS = 2;
    private static final int RATE = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration MOST_WAITING = Duration.ofSeconds(2);
    private static final Duration LONG_OUTAGE = Duration.ofSeconds(30);
    /** Every so many seeds the network is away for that long. */
    private static final int LONG_OUTAGE_SEEDS = 10;

    private final RunSettings settings;
    private final Random random;
    private final ChaosServers servers;
    private final Neighbour neighbour;
    private final Path logs;
    private final Path directory;
    private final List<String> history = new ArrayList<>();
    private final int[] kills = new int[3];
    private final Catalog watched;
    private ControlledProcess job;
    private long seen;

    /** What the moments do. */
    private enum Moment {
        KILL_JOB,
        KILL_S3,
        KILL_POSTGRES,
        REFUSE_S3,
        REFUSE_POSTGRES,
        CUT_S3,
        CUT_POSTGRES,
        LOSE_ANSWER,
        LOSE_ANSWERS,
        LOSE_REQUEST,
        OTHER_PARTITIONS,
        OTHER_COLUMN,
        NOTHING
    }

    ChaosRun(long seed, ChaosServers servers, Neighbour neighbour, Path directory, @Nullable ControlledProcess idle)
            throws IOException, InterruptedException {
        this.settings = RunSettings.of(seed);
        this.random = new Random(seed + 1);
        this.servers = servers;
        this.neighbour = neighbour;
        this.logs = directory;
        this.directory = Files.createDirectories(directory.resolve(RunSettings.namespace(seed)));
        this.watched = servers.catalog();
        this.job = idle == null ? newProcess(directory) : idle;
    }

    /** Plays it to its end; gives back the job's process, idle again. */
    ControlledProcess play() throws IOException, InterruptedException {
        long started = System.nanoTime();
        try {
            servers.toPostgres().heal();
            servers.toS3().heal();
            submit();
            neighbour.rewrite(settings);
            await(true, PATIENCE);
            for (int moment = 0; moment < MOMENTS; moment++) {
                await(random.nextBoolean(), MOST_WAITING);
                act(moment);
            }
            servers.toPostgres().heal();
            servers.toS3().heal();
            long calm = System.nanoTime();
            drain();
            String rewrites = neighbour.stop();
            history.add("drained after %.1f s".formatted((System.nanoTime() - calm) / 1e9));
            check(rewrites, started);
            return job;
        } catch (AssertionError | Exception e) {
            job.kill();
            throw new AssertionError(
                    "Seed " + settings.seed() + " after " + history + "; again with -Dmillrace.seed=" + settings.seed()
                            + "; logs in " + logs,
                    e);
        } finally {
            close(watched);
        }
    }

    /** Until a random moment; or, so that the job gets somewhere, until after its next commit. */
    private void await(boolean progress, Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (progress && landed() <= seen && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        seen = Math.max(seen, landed());
        Thread.sleep(random.nextInt(500));
    }

    /** The landed epochs of all tables, added up; 0 while nobody can know. */
    private long landed() {
        try {
            long sum = 0;
            for (UpsertTable table : settings.tables()) {
                sum += Long.parseLong(
                        watched.loadTable(table.identifier()).properties().getOrDefault("millrace.epoch.chaos", "0"));
            }
            return sum;
        } catch (RuntimeException away) {
            return 0;
        }
    }

    private static ControlledProcess newProcess(Path logs) throws IOException, InterruptedException {
        ControlledProcess process = ControlledProcess.start(
                logs.resolve("job.log"),
                Neighbour.ownClasspath(),
                List.of(
                        "-Xmx640m",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED"),
                ChaosJob.class.getName(),
                java.util.Map.of());
        process.expect("ready", PATIENCE);
        return process;
    }

    private void submit() throws IOException, InterruptedException {
        Properties told = new Properties();
        told.setProperty("seed", Long.toString(settings.seed()));
        told.setProperty("directory", directory.toString());
        told.setProperty("rate", Integer.toString(RATE));
        told.setProperty("parallelism", Integer.toString(1 + random.nextInt(3)));
        told.setProperty("catalog-port", Integer.toString(servers.toPostgres().port()));
        told.setProperty("s3-port", Integer.toString(servers.toS3().port()));
        StringWriter text = new StringWriter();
        told.store(text, null);
        Path file = directory.resolve("job.properties");
        Files.writeString(file, text.toString());
        job.send("run " + file);
        history.add(job.expect("running", PATIENCE).replaceAll("file:.*/(?=.)", ""));
    }

    private void act(int number) throws IOException, InterruptedException {
        if (number == MOMENTS / 2 && settings.seed() % LONG_OUTAGE_SEEDS == LONG_OUTAGE_SEEDS - 1) {
            FaultyProxy wire = random.nextBoolean() ? servers.toS3() : servers.toPostgres();
            history.add("REFUSE_30_SECONDS");
            wire.refuse();
            Thread.sleep(LONG_OUTAGE.toMillis());
            wire.listen();
            return;
        }
        Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
        if (moment.ordinal() < kills.length && kills[moment.ordinal()]++ >= MOST_KILLS) {
            moment = Moment.LOSE_ANSWER;
        }
        history.add(moment.toString());
        switch (moment) {
            case KILL_JOB -> {
                job.kill();
                job = newProcess(logs);
                submit();
            }
            case KILL_S3 -> {
                servers.killS3();
                Thread.sleep(random.nextInt(300));
                servers.startS3();
            }
            case KILL_POSTGRES -> {
                servers.killPostgres();
                Thread.sleep(random.nextInt(300));
                servers.startPostgres();
            }
            case REFUSE_S3 -> refuse(servers.toS3());
            case REFUSE_POSTGRES -> refuse(servers.toPostgres());
            case CUT_S3 -> servers.toS3().cut();
            case CUT_POSTGRES -> servers.toPostgres().cut();
            case LOSE_ANSWER -> servers.toPostgres().loseNextAnswer();
            case LOSE_ANSWERS -> {
                servers.toPostgres().loseNextAnswer();
                servers.toPostgres().loseNextRequest();
                servers.toPostgres().loseNextAnswer();
            }
            case LOSE_REQUEST -> servers.toPostgres().loseNextRequest();
            case OTHER_PARTITIONS -> change(ChaosRun::otherPartitions);
            case OTHER_COLUMN ->
                change(table -> table.updateSchema()
                        .addColumn("of_others_" + number, org.apache.iceberg.types.Types.StringType.get())
                        .commit());
            case NOTHING -> {}
        }
    }

    private void refuse(FaultyProxy wire) throws IOException, InterruptedException {
        wire.refuse();
        Thread.sleep(200 + random.nextInt(1300));
        wire.listen();
    }

    private static void otherPartitions(Table table) {
        boolean has =
                table.spec().fields().stream().anyMatch(field -> field.name().equals("id_bucket_2"));
        var update = table.updateSpec();
        if (has) {
            update.removeField("id_bucket_2").commit();
        } else {
            update.addField("id_bucket_2", Expressions.bucket("id", 2)).commit();
        }
    }

    private void change(java.util.function.Consumer<Table> change) {
        UpsertTable chosen =
                settings.tables().get(random.nextInt(settings.tables().size()));
        Catalog catalog = servers.catalogOfOthers();
        try {
            change.accept(catalog.loadTable(chosen.identifier()));
        } catch (NoSuchTableException | CommitFailedException notNow) {
            history.add("(not now: "
                    + String.valueOf(notNow.getMessage()).lines().findFirst().orElse("") + ")");
        } finally {
            close(catalog);
        }
    }

    /** A commit of the drain itself may still fail, and the job with it: then another one goes on from the drain's savepoint. */
    private void drain() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String answer = "";
        while (System.nanoTime() < deadline) {
            job.send("drain");
            answer = String.valueOf(job.answer(PATIENCE));
            if (answer.equals("drained")) {
                return;
            }
            if (answer.equals("ended")) {
                submit();
            }
            Thread.sleep(200);
        }
        throw new AssertionError("The job does not come to its end: " + answer);
    }

    private void check(String rewrites, long started) throws IOException, InterruptedException {
        long last = Long.parseLong(Files.readString(directory.resolve("last")));
        StringBuilder line = new StringBuilder("seed " + settings.seed() + ": " + rewrites);
        Catalog catalog = servers.catalog();
        try {
            for (int i = 0; i < settings.tables().size(); i++) {
                UpsertTable definition = settings.tables().get(i);
                SnapshotCheck check = new SnapshotCheck(
                        catalog.loadTable(definition.identifier()),
                        settings.logs().get(i));
                check.run();
                assertThat(check.clock()).as("last change in %s", definition).isEqualTo(last);
                assertThat(neighbour.rows(definition.identifier().toString()))
                        .as("rows of %s as Spark reads them", definition)
                        .isEqualTo(check.lastRows());
                line.append(", v%d %s: %d own and %d other snapshots right"
                        .formatted(definition.formatVersion(), definition.partitionBy(), check.own(), check.others()));
            }
        } finally {
            close(catalog);
        }
        System.out.println(line + ", " + (last + 1) + " changes, " + (System.nanoTime() - started) / 1_000_000_000
                + " s " + history);
    }

    private static void close(Catalog catalog) {
        try {
            ((java.io.Closeable) catalog).close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
