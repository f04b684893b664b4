package io.millrace.stream.mask;

import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.mask.MaskingKey;
import io.millrace.schemas.pipeline.Rule.UniqueInWindow;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of the values that must be unique, taken before they are masked: what the state of those rules knows of them.
 *
 * <p>Under the masking key if there is one, so that nobody finds a short value by trying. Not safe for use by several threads.
 */
public final class ValueHashes {
    /** Stands for the hash of a value that the source left out. */
    public static final String UNCHANGED = "=";

    /** Of 2⁶⁴ values two have the same hash; a rule's window has far fewer. */
    private static final int BYTES = 16;

    private final TableRoutes routes;
    private final Map<String, List<UniqueInWindow>> rules = new HashMap<>();
    private final @Nullable Mac mac;

    public ValueHashes(List<TableRoute> routes, @Nullable MaskingKey key) {
        this.routes = new TableRoutes(routes);
        mac = key == null ? null : key.hash("unique values");
    }

    /** A hash for each rule of the table: empty for null, {@link #UNCHANGED} for what was left out. */
    public List<String> of(String table, @Nullable Row row) {
        List<UniqueInWindow> ofTable = rules.get(table);
        if (ofTable == null) {
            TableRoute route = routes.find(table);
            ofTable = route == null ? List.of() : route.quality().rules(UniqueInWindow.class);
            rules.put(table, ofTable);
        }
        if (ofTable.isEmpty() || row == null) {
            return List.of();
        }
        List<String> hashes = new ArrayList<>(ofTable.size());
        for (UniqueInWindow rule : ofTable) {
            int place = row.schema().indexOf(rule.column());
            Object value = place < 0 ? null : row.value(place);
            hashes.add(
                    value == null
                            ? ""
                            : value == Unavailable.INSTANCE
                                    ? UNCHANGED
                                    : hash(KeyText.of(
                                            row.schema().columns().get(place).type(), value)));
        }
        return hashes;
    }

    private String hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash = mac == null ? MessageDigest.getInstance("SHA-256").digest(bytes) : mac.doFinal(bytes);
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
    }
}
