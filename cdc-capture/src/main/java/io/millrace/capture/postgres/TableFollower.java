package io.millrace.capture.postgres;

import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.offset.TableShape;
import io.millrace.capture.postgres.SourceFacts.Publication;
import io.millrace.capture.read.DebeziumReader;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the source's catalog every few seconds, and reads tables whose rows have changed without events: new ones, and those
 * whose change of shape gave all rows other values.
 *
 * <pre>
 * look ─► new: publish ─┐
 *   ▲ └─► changed ──────┴─► barrier ─► read all rows ─► remember the shape
 *   └──────────────────────── the next look ◄───────────────┘
 * </pre>
 *
 * <p>The shape is remembered, durably, when the rows are on the stream: a capture that dies before reads them again. A table that
 * changes while it is read is seen by the next look. Failures are logged and tried again; they do not stop the capture.
 */
public final class TableFollower implements DebeziumReader.Companion {
    private static final Duration PERIOD = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(TableFollower.class);

    private final Settings settings;
    private final StateJournal journal;
    private final BooleanSupplier streaming;
    private final RowReader rows;
    private final Set<TableId> toldOf = new LinkedHashSet<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(TableFollower::daemon);

    /**
     * What is followed.
     *
     * @param source the source's name
     * @param publication the capture's publication
     * @param routes the tables that flow
     * @param database opens connections
     */
    public record Settings(String source, String publication, List<TableRoute> routes, Database database) {}

    /** Opens connections to the source. */
    @FunctionalInterface
    public interface Database {
        Connection connect() throws SQLException;
    }

    /** Puts all rows of tables on the stream. */
    @FunctionalInterface
    public interface RowReader {
        /**
         * Returns when all rows are acknowledged.
         *
         * @param position where the rows stand in the source's history
         */
        void read(Set<TableId> tables, SourcePosition position) throws InterruptedException;
    }

    /**
     * A follower that looks at nothing yet.
     *
     * @param streaming whether the reader is past its own snapshot, which reads all tables as they are
     */
    public TableFollower(Settings settings, StateJournal journal, BooleanSupplier streaming, RowReader rows) {
        this.settings = settings;
        this.journal = journal;
        this.streaming = streaming;
        this.rows = rows;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "follow-tables");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void start(Consumer<Throwable> fail) {
        clock.scheduleWithFixedDelay(this::lookOnce, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The shapes of the tables that flow, as they are now. */
    public static Map<String, TableShape> shapes(Settings settings) throws SQLException {
        Map<String, TableShape> named = new HashMap<>();
        try (Connection connection = settings.database().connect()) {
            routed(connection, settings).forEach((table, shape) -> named.put(table.qualifiedName(), shape));
        }
        return named;
    }

    private static Map<TableId, TableShape> routed(Connection connection, Settings settings) throws SQLException {
        Set<String> schemas = new LinkedHashSet<>();
        settings.routes().forEach(route -> schemas.add(route.table().schema()));
        Map<TableId, TableShape> shapes = SourceTables.shapes(connection, settings.source(), schemas);
        TableRoutes routes = new TableRoutes(settings.routes());
        Set<TableId> named = new HashSet<>();
        settings.routes().forEach(route -> named.add(route.table()));
        // A table without a primary key that is published can no longer be updated in the source.
        shapes.entrySet()
                .removeIf(entry -> routes.find(entry.getKey()) == null
                        || (entry.getValue().key().isEmpty() && !named.contains(entry.getKey())));
        return shapes;
    }

    private void lookOnce() {
        if (!streaming.getAsBoolean()) {
            return;
        }
        try (Connection connection = settings.database().connect()) {
            look(connection);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("Cannot follow the tables of source {} now, trying again: {}", settings.source(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Connection connection) throws SQLException, InterruptedException {
        Map<TableId, TableShape> now = routed(connection, settings);
        TableRoutes routes = new TableRoutes(settings.routes());
        Publication publication = Publications.find(connection, settings.source(), settings.publication());
        if (publication == null) {
            throw new IllegalStateException("publication " + settings.publication() + " is gone; restart the capture");
        }
        Map<String, TableShape> known = journal.shapes();
        Map<String, TableShape> next = new HashMap<>();
        Map<TableId, TableShape> again = new LinkedHashMap<>();
        List<TableId> unpublished = new ArrayList<>();
        now.forEach((table, shape) -> {
            String name = table.qualifiedName();
            TableShape before = known.get(name);
            TableShape after = before == null ? shape : shape.after(before);
            Optional<String> reason = ShapeChange.reason(before, shape, Objects.requireNonNull(routes.find(table)));
            if (!publication.has(table)) {
                unpublished.add(table);
                reason = reason.or(() -> Optional.of("its changes were not published"));
            }
            if (reason.isEmpty()) {
                next.put(name, after);
                return;
            }
            if (before != null) {
                next.put(name, before);
            }
            again.put(table, after);
            LOG.info("Reading all rows of {}: {}", name, reason.get());
        });
        known.keySet().stream()
                .filter(name -> !names(now).contains(name))
                .forEach(name -> LOG.warn(
                        "Cannot find table {} of source {} any more: it was dropped or renamed. Its rows stay in the targets; what"
                                + " changes under another name does not flow. Route that name, or rename the table back",
                        name,
                        settings.source()));
        Publications.withdraw(connection, settings.publication(), publication, now.keySet());
        for (TableId table : unpublished) {
            if (!publish(connection, table)) {
                again.remove(table);
            }
        }
        if (!again.isEmpty()) {
            // The first barrier is for transactions that began before a table was published; see decision 0012.
            WriteBarrier.raise(connection);
            long barrier = WriteBarrier.raise(connection);
            rows.read(again.keySet(), new SourcePosition(journal.value(), barrier - 1));
            again.forEach((table, shape) -> next.put(table.qualifiedName(), shape));
            LOG.info("Read all rows of {}", again.keySet());
        }
        if (!next.equals(known)) {
            journal.writeShapes(next);
        }
    }

    private static Set<String> names(Map<TableId, TableShape> tables) {
        return tables.keySet().stream().map(TableId::qualifiedName).collect(Collectors.toSet());
    }

    private boolean publish(Connection connection, TableId table) {
        try {
            Publications.add(connection, settings.publication(), table);
            return true;
        } catch (SQLException e) {
            if (toldOf.add(table)) {
                LOG.warn(
                        "Cannot add table {} to publication {}: {}. Run ALTER PUBLICATION {} ADD TABLE {} as its owner",
                        table.qualifiedName(),
                        settings.publication(),
                        e.getMessage(),
                        settings.publication(),
                        table.qualifiedName());
            }
            return false;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
