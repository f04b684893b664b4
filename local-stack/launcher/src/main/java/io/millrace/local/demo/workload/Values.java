package io.millrace.local.demo.workload;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Column values: mostly everyday ones, now and then an extreme one or none at all. */
final class Values {
    private static final List<BigDecimal> EXTREME_AMOUNTS = List.of(
            new BigDecimal("9999999999.99"),
            new BigDecimal("-9999999999.99"),
            new BigDecimal("0.00"),
            new BigDecimal("-0.01"));
    private static final List<Double> EXTREME_DOUBLES =
            List.of(Double.MAX_VALUE, Double.MIN_VALUE, -0.0, 0.1 + 0.2, Double.NaN, Double.NEGATIVE_INFINITY, 1e-300);
    private static final List<Float> EXTREME_FLOATS =
            List.of(Float.MAX_VALUE, Float.MIN_VALUE, -0.0f, Float.NaN, Float.POSITIVE_INFINITY, 16_777_217f);
    private static final List<LocalDate> EXTREME_DATES =
            List.of(LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31), LocalDate.of(1900, 2, 28), LocalDate.EPOCH);

    private Values() {}

    /** A {@code numeric(12, 2)}. */
    static @Nullable BigDecimal amount(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> Texts.pick(random, EXTREME_AMOUNTS);
            default -> BigDecimal.valueOf(random.nextInt(10_000_000), 2);
        };
    }

    static @Nullable Double measure(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> Texts.pick(random, EXTREME_DOUBLES);
            default -> random.nextDouble() * 100;
        };
    }

    static @Nullable Float reading(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> Texts.pick(random, EXTREME_FLOATS);
            default -> random.nextFloat() * 60 - 20;
        };
    }

    static @Nullable LocalDate date(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> Texts.pick(random, EXTREME_DATES);
            default -> LocalDate.of(1940, 1, 1).plusDays(random.nextInt(25_000));
        };
    }

    static @Nullable LocalTime time(Random random) {
        return random.nextInt(6) == 0 ? null : LocalTime.ofNanoOfDay(1_000L * random.nextLong(86_400_000_000L));
    }

    static @Nullable LocalDateTime wallClock(Random random) {
        return random.nextInt(6) == 0
                ? null
                : LocalDateTime.of(2020, 1, 1, 0, 0).plusNanos(1_000L * random.nextLong(200_000_000_000_000L));
    }

    static @Nullable Boolean flag(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> true;
            default -> false;
        };
    }

    static byte @Nullable [] bytes(Random random) {
        if (random.nextInt(3) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(64)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** An array of texts: none, an empty one, or one with all kinds of elements. */
    static @Nullable List<@Nullable String> list(Random random) {
        if (random.nextInt(6) == 0) {
            return null;
        }
        List<@Nullable String> list = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            list.add(random.nextInt(8) == 0 ? null : Texts.remark(random));
        }
        return list;
    }

    /** A JSON object with a nested list, a null, a number and an awkward text. */
    static String json(Random random) {
        return "{\"n\": " + random.nextInt(1000) + ", \"list\": [1, 2.50, null, {\"deep\": true}], \"text\": "
                + quoted(Texts.remark(random)) + ", \"big\": 12345678901234567890.0123456789}";
    }

    static UUID uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < 0x20) {
                json.append("\\u%04x".formatted(c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }
}
