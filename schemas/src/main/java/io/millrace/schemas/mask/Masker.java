package io.millrace.schemas.mask;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Array;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.event.Unavailable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Masks values under one key. The same value under the same key has the same mask, in every table and for ever.
 *
 * <p>Null stays null, and a value that the source left out stays left out: it was masked when it was written. The elements
 * of an array are masked one by one. Not safe for use by several threads.
 */
public final class Masker {
    private static final String REDACTED = "***";
    private static final int KEPT_DIGITS = 4;

    private final Mac hash;
    private final FormatTokens tokens;

    public Masker(MaskingKey key) {
        hash = key.hash("mask hash");
        tokens = new FormatTokens(key.hash("mask tokenize-format"));
    }

    /** The column of the masked values. */
    public static Column column(Mask mask, Column column) {
        return mask == Mask.NULL
                ? new Column(column.name(), column.type(), true)
                : new Column(column.name(), textLike(column.type()), column.nullable());
    }

    private static ColumnType textLike(ColumnType type) {
        return type instanceof Array array ? new Array(textLike(array.element())) : Primitive.STRING;
    }

    /** The masked value of a column of this type, of the class that {@link #column} names. */
    public @Nullable Object value(Mask mask, ColumnType type, @Nullable Object value) {
        if (value == null || value == Unavailable.INSTANCE) {
            return value;
        }
        if (mask == Mask.NULL) {
            return null;
        }
        if (type instanceof Array array) {
            List<@Nullable Object> masked = new ArrayList<>();
            for (Object element : (List<?>) value) {
                masked.add(value(mask, array.element(), element));
            }
            return masked;
        }
        return text(mask, KeyText.of(type, value));
    }

    /**
     * The masked text of a value.
     *
     * @param mask any but {@link Mask#NULL}
     * @param text the value's canonical text
     */
    public String text(Mask mask, String text) {
        return switch (mask) {
            case HASH -> HexFormat.of().formatHex(hash.doFinal(text.getBytes(StandardCharsets.UTF_8)));
            case REDACT -> REDACTED;
            case PARTIAL -> partial(text);
            case TOKENIZE_FORMAT -> tokens.of(text);
            case NULL -> throw new IllegalArgumentException("Cannot write null as a text");
        };
    }

    private static String partial(String text) {
        int at = text.lastIndexOf('@');
        if (at > 0 && at < text.length() - 1 && text.chars().noneMatch(Character::isWhitespace)) {
            return REDACTED + text.substring(at);
        }
        long digits = text.codePoints().filter(Character::isDigit).count();
        long hidden = digits > KEPT_DIGITS ? digits - KEPT_DIGITS : digits;
        StringBuilder masked = new StringBuilder(text.length());
        long seen = 0;
        for (int i = 0; i < text.length(); ) {
            int next = text.codePointAt(i);
            i += Character.charCount(next);
            if (Character.isDigit(next)) {
                seen++;
                masked.appendCodePoint(seen <= hidden ? '*' : next);
            } else {
                masked.appendCodePoint(isPunctuation(next) ? next : '*');
            }
        }
        return masked.toString();
    }

    /** What stays as it is: ASCII that is neither letter nor digit. */
    private static boolean isPunctuation(int character) {
        return character < 0x80 && !Character.isLetterOrDigit(character);
    }
}
