package io.millrace.batch.report;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as people write them. */
public final class Quantities {
    private static final Pattern QUANTITY = Pattern.compile("(\\d+)\\s*([A-Za-z]*)");

    private Quantities() {}

    /** {@code 128MB}, {@code 1gb}, {@code 1048576}: powers of 1024. */
    public static long bytes(String text) {
        Matcher quantity = match(text, "a size such as 128MB");
        long number = Long.parseLong(quantity.group(1));
        return Math.multiplyExact(
                number,
                switch (quantity.group(2).toUpperCase(Locale.ROOT)) {
                    case "", "B" -> 1L;
                    case "KB" -> 1L << 10;
                    case "MB" -> 1L << 20;
                    case "GB" -> 1L << 30;
                    case "TB" -> 1L << 40;
                    default -> throw unreadable(text, "a size such as 128MB");
                });
    }

    /** {@code 90s}, {@code 15m}, {@code 12h}, {@code 3d}. */
    public static Duration time(String text) {
        Matcher quantity = match(text, "a time such as 15m");
        long number = Long.parseLong(quantity.group(1));
        return switch (quantity.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> throw unreadable(text, "a time such as 15m");
        };
    }

    /** A size for people, in three digits or so. */
    public static String text(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        String[] units = {"KB", "MB", "GB", "TB"};
        double size = bytes;
        int unit = -1;
        do {
            size /= 1024;
            unit++;
        } while (size >= 1000 && unit < units.length - 1);
        return String.format(Locale.ROOT, size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    }

    private static Matcher match(String text, String expected) {
        Matcher quantity = QUANTITY.matcher(text.strip());
        if (!quantity.matches()) {
            throw unreadable(text, expected);
        }
        return quantity;
    }

    private static IllegalArgumentException unreadable(String text, String expected) {
        return new IllegalArgumentException("Cannot read " + text + ": write " + expected + ".");
    }
}
