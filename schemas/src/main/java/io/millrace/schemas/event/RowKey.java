package io.millrace.schemas.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Identifies a row of a table: what changes are ordered by, and the id of the row's search document.
 *
 * <p>The id is text, so that it stays the same when a key column is widened. Its hash code depends on the texts alone
 * and is the same in every JVM, as Flink's key groups require.
 *
 * @param table the table's {@link TableId#toString() full name}
 * @param id the key values in canonical text, in the order of the key columns, joined by {@code |}; a {@code |} or a
 *     backslash inside a value is escaped with a backslash
 */
public record RowKey(String table, String id) {
    /** What OpenSearch takes at most for a document's {@code _id}. */
    private static final int MAX_DOCUMENT_ID_BYTES = 512;

    /** Makes the key of a row from the canonical texts of its key values. */
    public static RowKey of(TableId table, List<String> values) {
        return of(table.toString(), values);
    }

    /** Makes the key of a row from the table's full name and the canonical texts of its key values. */
    public static RowKey of(String table, List<String> values) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                id.append('|');
            }
            id.append(values.get(i).replace("\\", "\\\\").replace("|", "\\|"));
        }
        return new RowKey(table, id.toString());
    }

    /** The canonical texts of the key values, in the order of the key columns: what {@link #of} has joined. */
    public List<String> values() {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < id.length(); i++) {
            char next = id.charAt(i);
            if (next == '|') {
                values.add(value.toString());
                value.setLength(0);
            } else {
                value.append(next == '\\' ? id.charAt(++i) : next);
            }
        }
        values.add(value.toString());
        return values;
    }

    /** Spelled out, because Java does not promise how it hashes a record, and rescaled state depends on it. */
    @Override
    public int hashCode() {
        return 31 * table.hashCode() + id.hashCode();
    }

    /**
     * The id of the row's search document: the key's id, or its SHA-256 in hex where OpenSearch would not take it because
     * it is empty or has more than 512 bytes.
     */
    public String documentId() {
        // Three bytes a char at most, so short ids need not be encoded to know.
        if (!id.isEmpty() && id.length() <= MAX_DOCUMENT_ID_BYTES / 3) {
            return id;
        }
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && bytes.length <= MAX_DOCUMENT_ID_BYTES) {
            return id;
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
    }
}
