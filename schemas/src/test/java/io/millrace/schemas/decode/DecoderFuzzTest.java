package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.registry.GlueFrame.Compression;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a record's bytes, the decoder answers, soon, and with small memory. */
class DecoderFuzzTest {
    private static final int MUTATIONS = 20_000;
    private static final long MAX_NANOS = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {20_240_229, 4_711})
    void mutatedRecordIsDecodedOrRejected(long seed) {
        GoldenRecords golden = new GoldenRecords();
        DebeziumAvroDecoder decoder = new DebeziumAvroDecoder(DebeziumGoldenTest.routes(), golden.registry);
        Random random = new Random(seed);
        Map<DeadLetterCode, Integer> codes = new EnumMap<>(DeadLetterCode.class);
        long slowest = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] sound = golden.records
                    .get(random.nextInt(golden.records.size()))
                    .framed(random.nextInt(4) == 0 ? Compression.ZLIB : Compression.NONE)
                    .data();
            byte[] data = mutate(sound, random);
            long start = System.nanoTime();
            Decoding decoding;
            try {
                decoding = decoder.decode(GoldenRecords.raw(data));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("Seed " + seed + ", mutation " + i, e);
            }
            slowest = Math.max(slowest, System.nanoTime() - start);
            if (decoding instanceof Decoding.Rejected rejected) {
                codes.merge(rejected.code(), 1, Integer::sum);
                assertThat(rejected.reason())
                        .as("seed %s, mutation %s", seed, i)
                        .startsWith("Cannot ");
            }
        }
        assertThat(codes)
                .as("seed %s", seed)
                .containsKeys(DeadLetterCode.MALFORMED, DeadLetterCode.UNKNOWN_SCHEMA, DeadLetterCode.INVALID_VALUE);
        assertThat(slowest).as("seed %s", seed).isLessThan(MAX_NANOS);
    }

    private static byte[] mutate(byte[] sound, Random random) {
        byte[] data = sound.clone();
        switch (random.nextInt(8)) {
            case 0 -> {
                return Arrays.copyOf(data, random.nextInt(data.length));
            }
            case 1 -> {
                return Arrays.copyOf(data, data.length + 1 + random.nextInt(20));
            }
            case 2 -> data[random.nextInt(2)] ^= (byte) (1 + random.nextInt(255));
            case 3 -> data[2 + random.nextInt(16)] ^= (byte) (1 + random.nextInt(255));
            case 4 -> {
                // A length or count of nearly 2^63, or of nearly 2^31, in the middle of the body.
                int at = 18 + random.nextInt(Math.max(1, data.length - 28));
                int last = random.nextBoolean() ? 9 : 4;
                for (int i = 0; i <= last && at + i < data.length; i++) {
                    data[at + i] = i < last ? (byte) 0xff : (byte) 0x01;
                }
            }
            case 5 -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                return noise;
            }
            default -> {
                for (int i = 0; i <= random.nextInt(4); i++) {
                    data[18 + random.nextInt(data.length - 18)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return data;
    }
}
