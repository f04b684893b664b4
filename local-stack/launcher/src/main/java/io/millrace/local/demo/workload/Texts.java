package io.millrace.local.demo.workload;

import java.util.List;
import java.util.Random;

/** Texts as people write them, and as they should not. */
final class Texts {
    private static final List<String> NAMES = List.of(
            "Ada Lovelace",
            "Zoë Kravitz-Müller",
            "José Ñandú",
            "株式会社 ミルレース",
            "Олександр Шевченко",
            "מרים כהן",
            "عبد الرحمن",
            "O'Brien & Sons \"Ltd.\"",
            "🦊 Fox Freight 🚚💨",
            "e\u0301clair o\u0308zil",
            "👨‍👩‍👧‍👦 Family & Co",
            "C:\\temp\\new");
    private static final List<String> PLACES = List.of(
            "Berlin", "København", "São Paulo", "東京", "القاهرة", "Łódź", "Reykjavík", "Hải Phòng", "Αθήνα", "New York");
    private static final List<String> AWKWARD = List.of(
            "",
            " ",
            "null",
            "NULL",
            "\\N",
            "{}",
            "a\nb\r\nc\td",
            "quote ' double \" back \\ slash \\\\ end",
            "\u202eright to left\u202c",
            "zero\u200bwidth\ufeff",
            "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC73\uDB40\uDC63\uDB40\uDC74\uDB40\uDC7F flag",
            "a,b,\"c\",{d}",
            "<b>&amp;</b>",
            "$1 ${x} %s {{y}}",
            "\u0001\u001f control",
            "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
            "true",
            "2026-01-31",
            "NaN");
    private static final String LETTERS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-äöüßéñ你好ءآ🚚\n\"\\";
    private static final int[] LETTER = LETTERS.codePoints().toArray();

    private Texts() {}

    static String name(Random random) {
        return pick(random, NAMES) + " " + random.nextInt(1000);
    }

    static String place(Random random) {
        return pick(random, PLACES);
    }

    /** A short text that has surprised somebody's software. */
    static String awkward(Random random) {
        return pick(random, AWKWARD);
    }

    /** A sentence, now and then an awkward one. */
    static String remark(Random random) {
        return random.nextInt(4) == 0 ? awkward(random) : "Seen at " + place(random) + " by " + name(random);
    }

    /** A text of 3 to 20 kB that does not compress well, so that PostgreSQL stores it outside of the row. */
    static String large(Random random) {
        int length = 2_500 + random.nextInt(14_000);
        StringBuilder text = new StringBuilder(length + 16);
        while (text.length() < length) {
            text.appendCodePoint(LETTER[random.nextInt(LETTER.length)]);
        }
        return text.toString();
    }

    static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
