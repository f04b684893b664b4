package io.millrace.batch.mart;

import io.millrace.schemas.pipeline.Mart;
import io.millrace.schemas.pipeline.Mart.Check;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** What follows from a mart's definition alone. */
final class Definition {

    private Definition() {}

    /** Tells definitions apart: equal for equal ones. */
    static String fingerprint(Mart mart) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(mart.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot find SHA-256, which every Java has", e);
        }
    }

    /** The checks that every mart has: no key with a NULL, no key twice. */
    static List<Check> keyChecks(Mart mart) {
        String key = mart.key().stream().map(Definition::quoted).collect(Collectors.joining(", "));
        String anyNull =
                mart.key().stream().map(column -> quoted(column) + " IS NULL").collect(Collectors.joining(" OR "));
        return List.of(
                new Check("key is not NULL", "SELECT 1 FROM mart WHERE " + anyNull, null),
                new Check("key is unique", "SELECT 1 FROM mart GROUP BY " + key + " HAVING count(*) > 1", null));
    }

    private static String quoted(String column) {
        return "`" + column.replace("`", "``") + "`";
    }
}
