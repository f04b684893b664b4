package io.millrace.local.deadletter;

import io.millrace.schemas.pipeline.Connections;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** Reads the tables of dead letters, which are what counts: the review index is only for looking at them. */
public final class LetterStore implements AutoCloseable {
    private static final TableIdentifier LETTERS = TableIdentifier.of("ops", "dead_letters");
    private static final TableIdentifier RECORDS = TableIdentifier.of("ops", "dead_letters_raw");

    private final Catalog catalog;
    private final String pipeline;

    /** Opens the catalog; only the dead letters of this pipeline are read. */
    public LetterStore(Connections.Iceberg connection, String pipeline) {
        this.catalog = CatalogUtil.buildIcebergCatalog(connection.catalog(), connection.properties(), null);
        this.pipeline = pipeline;
    }

    /** The dead letters that are meant, the oldest first. */
    public List<Letter> read(Predicate<Letter> meant) {
        List<Letter> letters = new ArrayList<>();
        Optional<Table> table = load(LETTERS);
        if (table.isPresent()) {
            try (CloseableIterable<Record> rows = IcebergGenerics.read(table.get())
                    .where(Expressions.equal("pipeline", pipeline))
                    .build()) {
                for (Record row : rows) {
                    Letter letter = Letter.of(row);
                    if (meant.test(letter)) {
                        letters.add(letter);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read table: " + LETTERS, e);
            }
        }
        letters.sort(Comparator.comparing(Letter::firstSeen).thenComparing(Letter::id));
        return letters;
    }

    /** The sealed records of dead letters, by their ids; without those that are not there. */
    public Map<String, byte[]> records(Collection<Letter> letters) {
        Map<String, byte[]> records = new HashMap<>();
        Optional<Table> table = load(RECORDS);
        if (letters.isEmpty() || table.isEmpty()) {
            return records;
        }
        Set<String> ids = new HashSet<>();
        letters.forEach(letter -> ids.add(letter.id()));
        String first = letters.stream()
                .map(Letter::firstSeen)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        String last = letters.stream()
                .map(Letter::firstSeen)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table.get())
                .where(Expressions.and(
                        Expressions.greaterThanOrEqual("first_seen", first.replace("Z", "+00:00")),
                        Expressions.lessThanOrEqual("first_seen", last.replace("Z", "+00:00"))))
                .build()) {
            for (Record row : rows) {
                String id = String.valueOf(row.getField("id"));
                if (ids.contains(id)) {
                    ByteBuffer raw = ((ByteBuffer) Objects.requireNonNull(row.getField("raw"))).duplicate();
                    byte[] bytes = new byte[raw.remaining()];
                    raw.get(bytes);
                    records.put(id, bytes);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read table: " + RECORDS, e);
        }
        return records;
    }

    private Optional<Table> load(TableIdentifier name) {
        try {
            return Optional.of(catalog.loadTable(name));
        } catch (NoSuchTableException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        if (catalog instanceof Closeable open) {
            open.close();
        }
    }
}
