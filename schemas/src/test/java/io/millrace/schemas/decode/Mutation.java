package io.millrace.schemas.decode;

import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.GlueFrame.Compression;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Ways in which bytes go wrong, from one flipped bit to an attack. */
enum Mutation {
    CUT_OFF {
        @Override
        byte[] apply(byte[] sound, Random random) {
            return Arrays.copyOf(sound, random.nextInt(sound.length + 1));
        }
    },
    GOES_ON {
        @Override
        byte[] apply(byte[] sound, Random random) {
            byte[] data = Arrays.copyOf(sound, sound.length + 1 + random.nextInt(20));
            for (int i = sound.length; i < data.length; i++) {
                data[i] = (byte) random.nextInt(256);
            }
            return data;
        }
    },
    FLIPPED_BITS {
        @Override
        byte[] apply(byte[] sound, Random random) {
            byte[] data = sound.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                data[random.nextInt(data.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return data;
        }
    },
    WRONG_BEGINNING {
        @Override
        byte[] apply(byte[] sound, Random random) {
            byte[] data = sound.clone();
            data[random.nextInt(Math.min(18, data.length))] ^= (byte) (1 + random.nextInt(255));
            return data;
        }
    },
    /** A length or count of nearly 2^63, or of nearly 2^31, where Avro expects some. */
    WRONG_LENGTH {
        @Override
        byte[] apply(byte[] sound, Random random) {
            byte[] data = sound.clone();
            int at = Math.min(18, data.length) + random.nextInt(Math.max(1, data.length - 28));
            int last = random.nextBoolean() ? 9 : 4;
            for (int i = 0; i <= last && at + i < data.length; i++) {
                data[at + i] = i < last ? (byte) 0xff : (byte) 0x01;
            }
            return data;
        }
    },
    NOISE {
        @Override
        byte[] apply(byte[] sound, Random random) {
            byte[] data = new byte[random.nextInt(200)];
            random.nextBytes(data);
            return data;
        }
    },
    /** Another value in the place of one, in JSON. */
    OTHER_VALUE {
        @Override
        byte[] apply(byte[] sound, Random random) {
            return replaceValue(sound, VALUES.get(random.nextInt(VALUES.size())), random);
        }
    },
    DEEP {
        @Override
        byte[] apply(byte[] sound, Random random) {
            String open = random.nextBoolean() ? "[" : "{\"a\":";
            return replaceValue(sound, open.repeat(10_000), random);
        }
    },
    NOT_UTF8 {
        @Override
        byte[] apply(byte[] sound, Random random) {
            byte[] data = sound.clone();
            byte[] wrong = WRONG_UTF8.get(random.nextInt(WRONG_UTF8.size()));
            int at = random.nextInt(Math.max(1, data.length - wrong.length));
            System.arraycopy(wrong, 0, data, at, Math.min(wrong.length, data.length - at));
            return data;
        }
    },
    DOUBLED_PART {
        @Override
        byte[] apply(byte[] sound, Random random) {
            int from = random.nextInt(sound.length);
            int to = from + random.nextInt(sound.length - from);
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            data.write(sound, 0, to);
            data.write(sound, from, sound.length - from);
            return data.toByteArray();
        }
    },
    /** A megabyte, which is what fits into a record of Kinesis's. */
    HUGE {
        @Override
        byte[] apply(byte[] sound, Random random) {
            String megabyte = "7".repeat(1_000_000);
            return random.nextBoolean()
                    ? replaceValue(sound, random.nextBoolean() ? megabyte : '"' + megabyte + '"', random)
                    : Arrays.copyOf(sound, 1_000_000);
        }
    },
    BOMB {
        @Override
        byte[] apply(byte[] sound, Random random) {
            UUID id = sound.length < 18
                    ? new UUID(0, 0)
                    : GlueFrame.isFrame(sound) ? GlueFrame.parse(sound).schemaId() : new UUID(1, 2);
            return GlueFrame.write(id, ZEROS, Compression.ZLIB);
        }
    };

    /** Each of them takes its time, so they are few. */
    private static final List<Mutation> RARE = List.of(HUGE, DEEP);

    private static final byte[] ZEROS = new byte[8 << 20];

    private static final List<String> VALUES = List.of(
            "null",
            "0",
            "-1",
            "1e999999999",
            "-1E-999999999",
            "1.5",
            "9223372036854775808",
            "\"\"",
            "\"NaN\"",
            "NaN",
            "true",
            "[]",
            "{}",
            "\"__debezium_unavailable_value\"",
            "{\"scale\":2147483647,\"value\":\"AQ==\"}",
            "{\"scale\":1,\"value\":\"?\"}",
            "{\"wkb\":7}",
            "\"9999999999-12-31T00:00:00Z\"",
            "\"infinity\"",
            "\"\\ud800\"",
            "[[[[1]]]]",
            "\"u\"",
            "\"merge\"",
            "-0",
            "1e5");

    private static final List<byte[]> WRONG_UTF8 = List.of(
            new byte[] {(byte) 0xC0, (byte) 0x80},
            new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            new byte[] {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
            new byte[] {(byte) 0xE2, (byte) 0x82},
            new byte[] {(byte) 0xFF, (byte) 0xFE},
            new byte[] {0, 0, 0});

    abstract byte[] apply(byte[] sound, Random random);

    static Mutation any(Random random) {
        Mutation mutation = values()[random.nextInt(values().length)];
        boolean rare = RARE.contains(mutation) && random.nextInt(20) > 0;
        return rare || (mutation == BOMB && random.nextInt(1000) > 0) ? FLIPPED_BITS : mutation;
    }

    /** Puts a text behind one of the colons, in the place of what stands there up to the next comma. */
    private static byte[] replaceValue(byte[] sound, String value, Random random) {
        String text = new String(sound, StandardCharsets.ISO_8859_1);
        int colon = text.indexOf(':', random.nextInt(text.length()));
        if (colon < 0) {
            return (text + value).getBytes(StandardCharsets.ISO_8859_1);
        }
        int comma = text.indexOf(',', colon);
        return (text.substring(0, colon + 1) + value + (comma < 0 ? "" : text.substring(comma)))
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
