package io.millrace.schemas.pipeline;

import io.millrace.schemas.pipeline.SettingType.Scalar;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types of single values that settings take, each with its rule and where the rule is from. */
final class SettingTypes {
    private static final Pattern OFFSET = Pattern.compile("[+-](0\\d|1[0-7]):[0-5]\\d(:[0-5]\\d)?");
    private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,8})(ms|s|m|h|d)");

    private SettingTypes() {}

    static final Scalar TEXT = text("text", "a text", value -> true);

    /** A text that may be a secret, and may be empty. */
    static final Scalar PROPERTY = new Scalar("text", "a text", true, value -> value);

    static final Scalar COLUMN_TYPE = new Scalar("type", DeclaredType.RIGHT, false, DeclaredType::parse);

    static final Scalar PIPELINE_NAME = text(
            "name",
            "1 to 40 lower case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
            matching("[a-z]([a-z0-9-]{0,38}[a-z0-9])?"));

    /** No dot: it separates the parts of a table's full name. */
    static final Scalar SOURCE_NAME = text(
            "name",
            "1 to 40 lower case letters, digits, hyphens and underscores, beginning with a letter",
            matching("[a-z][a-z0-9_-]{0,39}"));

    /** Kinesis' CreateStream. */
    static final Scalar STREAM_NAME =
            text("name", "1 to 128 letters, digits, underscores, dots and hyphens", matching("[a-zA-Z0-9_.-]{1,128}"));

    /** Glue's CreateRegistry. */
    static final Scalar REGISTRY_NAME =
            text("name", "1 to 255 letters, digits and any of . - _ $ #", matching("[a-zA-Z0-9_$#.-]{1,255}"));

    static final Scalar REGION =
            text("region", "an AWS region, such as eu-central-1", matching("[a-z]{2}(-[a-z0-9]+)+"));

    /** PostgreSQL cuts identifiers off at 63 bytes. */
    static final Scalar SOURCE_TABLE = text(
            "schema.table",
            "schema and table, such as public.shipments, each of at most 63 bytes and without dots and quotes",
            value -> {
                String[] parts = value.split("\\.", -1);
                return parts.length == 2 && isIdentifier(parts[0]) && isIdentifier(parts[1]);
            });

    static final Scalar COLUMN =
            text("column", "a column's name of at most 63 bytes, without quotes", SettingTypes::isIdentifier);

    static final Scalar DATABASE_NAME =
            text("name", "a name of at most 63 bytes, without quotes", SettingTypes::isIdentifier);

    /** What the Glue catalog takes, and every engine reads without quotes. */
    static final Scalar ICEBERG_TABLE = text(
            "namespace.table",
            "namespace and table, such as logistics.shipments, each of lower case letters, digits and underscores and"
                    + " not beginning with a digit",
            template(matching("[a-z_][a-z0-9_]{0,251}\\.[a-z_][a-z0-9_]{0,251}")));

    /** OpenSearch's rules for index names, in the part that cannot surprise in addresses and patterns. */
    static final Scalar INDEX_NAME = text(
            "index",
            "at most 255 lower case letters, digits, hyphens, underscores and dots, beginning with a letter or digit",
            template(matching("[a-z0-9][a-z0-9_.-]{0,254}")));

    /** A name that needs no quotes in SQL, and is none of Millrace's own. */
    static final Scalar VIEW = text(
            "name",
            "a lower case letter and then letters, digits and underscores; not mart, which is the result",
            value -> value.matches("[a-z][a-z0-9_]{0,62}") && !value.equals("mart"));

    static final Scalar TIME_ZONE =
            new Scalar("time zone", "a time zone such as UTC, Europe/Berlin or +05:30", false, SettingTypes::timeZone);

    static final Scalar PARTITION_FIELD = new Scalar(
            "partition field",
            "a column, year(column), month(column), day(column), hour(column), bucket(n, column) or truncate(n, column)",
            false,
            PartitionField::canonical);

    static final Scalar HTTP_ADDRESS =
            text("address", "an address such as http://127.0.0.1:9200", SettingTypes::isHttpAddress);

    static final Scalar SERVER_ADDRESS = text(
            "host:port",
            "host and port, such as broker:9092",
            value -> value.matches("([^\\s,:/\\[\\]]+|\\[[0-9a-fA-F:.]+\\]):[1-9][0-9]{0,4}")
                    && Integer.parseInt(value.substring(value.lastIndexOf(':') + 1)) <= 65535);

    static final Scalar S3_LOCATION = text(
            "location",
            "an S3 location such as s3://bucket/prefix",
            matching("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^\\s/?#]+)*"));

    /** Read by Hadoop or by Iceberg, which decide themselves what they can reach. */
    static final Scalar FOLDER = text(
            "location",
            "a folder, such as s3://bucket/landing/public/shipments or an absolute path",
            matching("([a-zA-Z][a-zA-Z0-9+.-]*://?|/)[^?#]*[^?#/]/?"));

    /** One byte in UTF-8, so that it is found among bytes; the empty text for none. */
    static final Scalar CHARACTER =
            new Scalar("character", "one ASCII character, tab, or none", false, text -> switch (text) {
                case "none" -> "";
                case "tab", "\t" -> "\t";
                default -> text.length() == 1 && text.charAt(0) > ' ' && text.charAt(0) < 0x7f ? text : null;
            });

    /** A text that may be empty. */
    static final Scalar MARK = new Scalar("text", "a text", false, text -> text);

    static final Scalar RELATIVE_PATH =
            text("path", "a path relative to this file", value -> !value.startsWith("/") && !value.startsWith("~"));

    static final Scalar SECRET = new Scalar("secret", "a text", true, text -> text.isEmpty() ? null : new Secret(text));

    /** A secret that is never in the file. */
    static final Scalar SECRET_OF_ENVIRONMENT = new Scalar(
            "${NAME}",
            "a reference to the environment, ${NAME}, to a variable that is not empty",
            true,
            true,
            text -> text.isBlank() ? null : new Secret(text));

    static final Scalar SECRET_ARN = text(
            "ARN",
            "the ARN of a secret, such as arn:aws:secretsmanager:eu-central-1:123456789012:secret:millrace-AbCdEf",
            matching("arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]+:secret:\\S+"));

    /** RE2's syntax: without back references and look-around, which are what takes exponential time. */
    static final Scalar REGEX = text("regular expression", "a regular expression in RE2's syntax", value -> {
        try {
            com.google.re2j.Pattern.compile(value);
            return true;
        } catch (com.google.re2j.PatternSyntaxException e) {
            return false;
        }
    });

    static Scalar integer(int least, int most) {
        return new Scalar("number", "a whole number from " + least + " to " + most, false, text -> {
            // No leading zero: YAML takes 010 for eight.
            if (!text.matches("0|[1-9][0-9]{0,8}")) {
                return null;
            }
            int value = Integer.parseInt(text);
            return value < least || value > most ? null : value;
        });
    }

    /** A number that may have decimals, between two that are written as the documentation shows them. */
    static Scalar decimal(String least, String most) {
        return new Scalar("number", "a number from " + least + " to " + most + ", such as 0.5", false, text -> {
            if (!text.matches("(0|[1-9][0-9]{0,8})(\\.[0-9]{1,6})?")) {
                return null;
            }
            BigDecimal value = new BigDecimal(text);
            return value.compareTo(new BigDecimal(least)) < 0 || value.compareTo(new BigDecimal(most)) > 0
                    ? null
                    : value;
        });
    }

    static Scalar duration(Duration least, Duration most) {
        return new Scalar(
                "duration",
                "a duration such as 500ms, 10s, 5m, 2h or 7d, from " + write(least) + " to " + write(most),
                false,
                text -> {
                    Duration value = duration(text);
                    return value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0 ? null : value;
                });
    }

    /** One of an enum's constants, written in lower case with hyphens. */
    static <E extends Enum<E>> Scalar choice(Class<E> type) {
        E[] constants = Objects.requireNonNull(type.getEnumConstants());
        String names = Arrays.stream(constants).map(SettingTypes::kebab).collect(Collectors.joining(", "));
        return new Scalar(names, constants.length == 1 ? names : "one of " + names, false, text -> {
            for (E constant : constants) {
                if (kebab(constant).equals(text)) {
                    return constant;
                }
            }
            return null;
        });
    }

    static final Scalar FLAG = new Scalar(
            "true, false",
            "true or false",
            false,
            text -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null);

    static Scalar oneOf(int first, int second) {
        return new Scalar(
                first + ", " + second,
                first + " or " + second,
                false,
                text -> text.equals("" + first) ? Integer.valueOf(first) : text.equals("" + second) ? second : null);
    }

    static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static @Nullable ZoneId timeZone(String text) {
        boolean isKnown = ZoneId.getAvailableZoneIds().contains(text);
        return isKnown || OFFSET.matcher(text).matches() ? ZoneId.of(text) : null;
    }

    private static @Nullable Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static String write(Duration duration) {
        if (duration.toMillisPart() > 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds == 0 || seconds % 3600 != 0) {
            return seconds + "s";
        }
        return seconds % 86400 == 0 ? seconds / 86400 + "d" : seconds / 3600 + "h";
    }

    private static Scalar text(String title, String right, Predicate<String> rule) {
        return new Scalar(title, right, false, text -> !text.isEmpty() && rule.test(text) ? text : null);
    }

    private static Predicate<String> template(Predicate<String> rule) {
        return value -> rule.test(NameTemplate.sample(value));
    }

    private static Predicate<String> matching(String regex) {
        return Pattern.compile(regex).asMatchPredicate();
    }

    private static boolean isIdentifier(String value) {
        return !value.isEmpty()
                && value.equals(value.strip())
                && value.getBytes(StandardCharsets.UTF_8).length <= 63
                && value.chars().noneMatch(c -> c == '"' || c == '.' || c < ' ');
    }

    private static boolean isHttpAddress(String value) {
        try {
            URI uri = new URI(value);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
