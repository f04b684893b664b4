package io.millrace.batch.raw.land;

import java.io.Serializable;
import java.util.Locale;

/**
 * A file in a landing folder.
 *
 * @param path its path below the folder, by which it is known
 * @param location where it is
 * @param bytes its size
 * @param modifiedMillis when it was written last, in milliseconds since 1970-01-01T00:00Z
 */
public record LandedFile(String path, String location, long bytes, long modifiedMillis) implements Serializable {

    /** Its name, without folders and endings. */
    public String stem() {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.substring(0, name.toLowerCase(Locale.ROOT).indexOf(".csv"));
    }

    /** Whether it is of a full load ({@code LOAD00000001.csv}), and not of changes ({@code 20240729-005907686.csv}). */
    public boolean isLoad() {
        return stem().matches("LOAD[0-9A-Fa-f_]*");
    }

    /** Whether its bytes are compressed. */
    public boolean isCompressed() {
        return path.toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    /** Whether a file of this name is read at all. */
    public static boolean isNamedSo(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.endsWith(".csv") || lower.endsWith(".csv.gz");
    }
}
