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
    private static final String[] WORDS =
            ("the parcel was received damaged at gate driver reports that customer not home and left with neighbour signature"
                            + " missing label scanned twice weight differs customs asks for invoice of goods value declared in euros"
                            + " please call back before noon refund promised claim opened photo shows box open wet corner address"
                            + " unknown floor entrance behind courtyard bell broken truck late ferry cancelled storm snow Straße"
                            + " größer übergeben livré à l'accueil señal dañada 受領 済み 再配達 доставлено утром")
                    .split(" ");

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

    /**
     * A text of 3 to 20 kB as an agent's log of a case: words, now and then an awkward one or a reference. It compresses
     * badly enough for PostgreSQL to store most of them outside of the row.
     */
    static String large(Random random) {
        int length = 2_500 + random.nextInt(14_000);
        StringBuilder text = new StringBuilder(length + 32);
        while (text.length() < length) {
            int kind = random.nextInt(40);
            if (kind == 0) {
                text.append(awkward(random));
            } else if (kind <= 3) {
                text.append(Long.toHexString(random.nextLong()));
            } else {
                text.append(WORDS[random.nextInt(WORDS.length)]);
            }
            text.append(kind == 4 ? ".\n" : " ");
        }
        return text.toString();
    }

    static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
