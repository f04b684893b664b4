package io.millrace.schemas.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Unavailable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MaskerTest {
    private static final String SECRET = "a key of at least thirty-two characters";
    private static final Masker MASKER = new Masker(MaskingKey.of(SECRET));

    @Test
    void equalValuesHaveOneHashWhateverTheirColumn() {
        Object fromInt = MASKER.value(Mask.HASH, Primitive.INT32, 42);

        assertThat(fromInt).isEqualTo(MASKER.value(Mask.HASH, Primitive.INT64, 42L));
        assertThat(fromInt).isEqualTo(new Masker(MaskingKey.of(SECRET)).value(Mask.HASH, Primitive.STRING, "42"));
        assertThat((String) fromInt).matches("[0-9a-f]{64}");
    }

    @Test
    void anotherKeyMakesAnotherHash() {
        assertThat(MASKER.text(Mask.HASH, "42"))
                .isNotEqualTo(new Masker(MaskingKey.of(SECRET + "!")).text(Mask.HASH, "42"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    anna.berg@example.org,    ***@example.org
                    a@b@example.org,          ***@example.org
                    +49 (170) 555-1234,       +** (***) ***-1234
                    4111111111111111,         ************1111
                    1234,                     ****
                    Größe 12345,              ***** *2345
                    'Anna <anna@example.org>', '**** <****@*******.***>'
                    """)
    void partialKeepsADomainOrFourDigits(String value, String masked) {
        assertThat(MASKER.text(Mask.PARTIAL, value)).isEqualTo(masked);
    }

    @Test
    void redactedValuesTellNothing() {
        assertThat(MASKER.text(Mask.REDACT, "secret")).isEqualTo(MASKER.text(Mask.REDACT, ""));
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void nothingStaysNothing(Mask mask) {
        assertThat(MASKER.value(mask, Primitive.STRING, null)).isNull();
        assertThat(MASKER.value(mask, Primitive.STRING, Unavailable.INSTANCE)).isEqualTo(Unavailable.INSTANCE);
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void everyTypeIsMaskedIntoTheTypeOfItsColumn(Mask mask) {
        Map<ColumnType, Object> values = Map.of(
                Primitive.BOOLEAN,
                true,
                Primitive.FLOAT64,
                1.5,
                new ColumnType.Decimal(9, 2),
                new BigDecimal("12345.67"),
                Primitive.BYTES,
                ByteBuffer.wrap(new byte[] {1, 2, 3}),
                Primitive.TIMESTAMP_TZ,
                1_700_000_000_000_000L,
                Primitive.JSON,
                "{\"a\": 1}");
        values.forEach((type, value) -> {
            Object masked = MASKER.value(mask, type, value);
            Column column = Masker.column(mask, new Column("c", type, false));
            if (mask == Mask.NULL) {
                assertThat(masked).isNull();
                assertThat(column).isEqualTo(new Column("c", type, true));
            } else {
                assertThat(masked).isInstanceOf(String.class).isNotEqualTo(value);
                assertThat(column.type()).isEqualTo(Primitive.STRING);
            }
        });
    }

    @Test
    void elementsOfAnArrayAreMaskedOneByOne() {
        Object masked =
                MASKER.value(Mask.HASH, new ColumnType.Array(Primitive.INT32), Arrays.<Object>asList(1, null, 2));

        assertThat(masked).isEqualTo(Arrays.asList(MASKER.text(Mask.HASH, "1"), null, MASKER.text(Mask.HASH, "2")));
    }

    @Test
    void tokensHaveTheFormatOfTheirValues() {
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            String value = text(random);
            String token = MASKER.text(Mask.TOKENIZE_FORMAT, value);
            assertThat(format(token)).as("value %d of seed 5", i).isEqualTo(format(value));
        }
    }

    @Test
    void differentValuesHaveDifferentTokens() {
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            tokens.add(MASKER.text(Mask.TOKENIZE_FORMAT, "%04d".formatted(i)));
        }

        assertThat(tokens).hasSize(10_000).allMatch(token -> token.matches("[0-9]{4}"));
    }

    @Test
    void tokensOfLongTextsDependOnAllBefore() {
        String value = "a".repeat(200);
        String other = "b" + value.substring(1);

        String token = MASKER.text(Mask.TOKENIZE_FORMAT, value);

        assertThat(token.substring(0, 32)).isNotEqualTo(token.substring(32, 64));
        assertThat(MASKER.text(Mask.TOKENIZE_FORMAT, other).substring(160)).isNotEqualTo(token.substring(160));
    }

    @Test
    void lettersOfOtherScriptsAreHiddenToo() {
        String token = MASKER.text(Mask.TOKENIZE_FORMAT, "Müller 東京 Ёлка");

        assertThat(token).doesNotContain("東", "京", "Ёлка").hasSize("Müller 東京 Ёлка".length());
        assertThat(Character.UnicodeScript.of(token.charAt(7))).isEqualTo(Character.UnicodeScript.HAN);
    }

    @Test
    void aShortKeyIsRefusedAndNotShown() {
        assertThatThrownBy(() -> MaskingKey.of("hunter2"))
                .hasMessageContaining("fewer than 32 characters")
                .hasMessageNotContaining("hunter2");
        assertThat(MaskingKey.of(SECRET)).hasToString("***");
        assertThat(new KeySource(SECRET, null, null).toString()).doesNotContain(SECRET);
    }

    private static String text(Random random) {
        List<String> characters = List.of("a", "z", "Q", "0", "9", "-", " ", "ß", "É", "東", "😀", "𝒳", "٣", "\ud800");
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(80); i > 0; i--) {
            text.append(characters.get(random.nextInt(characters.size())));
        }
        return text.toString();
    }

    private static List<String> format(String text) {
        return text.codePoints()
                .mapToObj(c -> Character.isLetterOrDigit(c)
                        ? Character.getType(c) + " " + Character.UnicodeScript.of(c) + " " + Character.charCount(c)
                        : Character.toString(c))
                .toList();
    }
}
