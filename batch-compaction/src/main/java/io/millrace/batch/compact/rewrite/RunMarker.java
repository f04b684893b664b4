package io.millrace.batch.compact.rewrite;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells others that a run works on a table: a small file in the table's folder, written anew every half minute while the run
 * lives. All files of the run have its id in their names, so that whoever finds the marker of a run that is over finds its
 * files.
 *
 * <p>Who takes a run for over says so in a second file, which the run looks at before each commit: a run that lives after all
 * loses its work, and nothing else. See docs/decisions/0009.
 */
public final class RunMarker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunMarker.class);
    private static final String FOLDER = "/metadata/compaction-runs/";
    private static final String RUNS = ".run";
    private static final String OVER = ".over";
    private static final Duration BEAT = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private final Table table;
    private final String location;
    private final ScheduledExecutorService beats;
    private volatile Instant lastBeat = Instant.now();

    private RunMarker(Table table, String runId) {
        this.table = table;
        this.location = folder(table) + runId + RUNS;
        this.beats = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "heartbeat of compaction " + runId);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * What a marker says.
     *
     * @param host where the run is, or was
     * @param pid its process
     * @param started when that process began, in whole seconds
     * @param beat when it wrote last
     */
    public record Sign(String host, long pid, Instant started, Instant beat) {

        /** A sign of this process. */
        public static Sign now(Instant now) {
            ProcessHandle process = ProcessHandle.current();
            return new Sign(hostName(), process.pid(), start(process), now.truncatedTo(ChronoUnit.SECONDS));
        }

        /**
         * Whether the run is over: its process is gone, as far as that can be seen from here, or it has been silent for ten
         * minutes.
         *
         * @param here this host
         * @param startOf when the process with an id began; empty if there is none
         */
        public boolean isOver(Instant now, String here, LongFunction<Optional<Instant>> startOf) {
            boolean gone = host.equals(here) && !startOf.apply(pid).equals(Optional.of(started));
            return gone || beat.plus(SILENCE).isBefore(now);
        }

        /** Whether the run is over, seen from this process. */
        public boolean isOver(Instant now) {
            return isOver(now, hostName(), id -> ProcessHandle.of(id).map(Sign::start));
        }

        private static Instant start(ProcessHandle process) {
            return process.info().startInstant().orElse(Instant.EPOCH).truncatedTo(ChronoUnit.SECONDS);
        }

        private static String hostName() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "unknown-" + ProcessHandle.current().pid();
            }
        }
    }

    /** The folder of a table's markers; its name ends with a slash. */
    public static String folder(Table table) {
        return table.location() + FOLDER;
    }

    /** Marks a table from now on. */
    public static RunMarker set(Table table, String runId) {
        RunMarker marker = new RunMarker(table, runId);
        marker.write();
        marker.beats.scheduleAtFixedRate(marker::beat, BEAT.toSeconds(), BEAT.toSeconds(), TimeUnit.SECONDS);
        return marker;
    }

    /** Whether this is a file of ours, of a living run or not. */
    public static boolean isOne(String location) {
        return location.contains(FOLDER);
    }

    /** The id of the run whose marker this is; empty if it is none. */
    public static Optional<String> runOf(String location) {
        int name = location.lastIndexOf('/') + 1;
        return location.endsWith(RUNS)
                ? Optional.of(location.substring(name, location.length() - RUNS.length()))
                : Optional.empty();
    }

    /** Reads a run's marker; empty if it is just being written. */
    public static Optional<Sign> read(Table table, String runId) {
        String location = folder(table) + runId + RUNS;
        Properties properties = new Properties();
        try (InputStream in = table.io().newInputFile(location).newStream()) {
            properties.load(new ByteArrayInputStream(in.readAllBytes()));
            if (!properties.containsKey("end")) {
                return Optional.empty();
            }
            return Optional.of(new Sign(
                    properties.getProperty("host", ""),
                    Long.parseLong(properties.getProperty("pid", "0")),
                    Instant.parse(properties.getProperty("started", "")),
                    Instant.parse(properties.getProperty("beat", ""))));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the marker of a compaction: " + location, e);
        }
    }

    /** Tells a run, should it live, that others take it for over. */
    public static void tellOver(Table table, String runId) {
        write(table, folder(table) + runId + OVER, new byte[0]);
    }

    /** Deletes the marker of a run that is over, when all its files are gone. */
    public static void forget(Table table, String runId) {
        table.io().deleteFile(folder(table) + runId + RUNS);
    }

    /** Whether nobody can have taken this run for over. */
    public boolean isAlive() {
        return lastBeat.plus(SILENCE).isAfter(Instant.now())
                && !table.io()
                        .newInputFile(location.substring(0, location.length() - RUNS.length()) + OVER)
                        .exists();
    }

    @Override
    public void close() {
        beats.shutdownNow();
        try {
            if (beats.awaitTermination(BEAT.toSeconds(), TimeUnit.SECONDS)) {
                table.io().deleteFile(location);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("Cannot delete {}: the next run takes this one for over, and deletes it", location, e);
        }
    }

    /** Who was silent for too long must not begin to speak again. */
    private void beat() {
        try {
            if (isAlive()) {
                write();
            }
        } catch (RuntimeException e) {
            LOG.warn("Cannot tell that this run is alive: {}", location, e);
        }
    }

    private void write() {
        Instant now = Instant.now();
        Sign sign = Sign.now(now);
        String text = "host=%s%npid=%s%nstarted=%s%nbeat=%s%nend=%n"
                .formatted(sign.host(), sign.pid(), sign.started(), sign.beat());
        write(table, location, text.getBytes(StandardCharsets.ISO_8859_1));
        lastBeat = now;
    }

    private static void write(Table table, String location, byte[] bytes) {
        try (OutputStream out = table.io().newOutputFile(location).createOrOverwrite()) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the marker of a compaction: " + location, e);
        }
    }
}
