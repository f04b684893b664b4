package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.GlueFrame.Compression;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever happens to a record's bytes, every decoder answers, soon, and with small memory. */
class DecoderFuzzTest {
    private static final int MUTATIONS = 100_000;
    private static final long MAX_NANOS = 100_000_000L;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final GoldenRecords golden = new GoldenRecords();
    private final long seed = Long.getLong("seed", 20_240_229);

    /** A format: how its decoder is made, and sound records of it. */
    private record Format(String name, Supplier<RecordDecoder> decoder, List<byte[]> records) {}

    private List<Format> formats() {
        Supplier<RecordDecoder> avro = () -> new DebeziumAvroDecoder(DebeziumGoldenTest.routes(), golden.registry);
        Supplier<RecordDecoder> json = () -> new DebeziumJsonDecoder(DebeziumGoldenTest.routes());
        Supplier<RecordDecoder> declared = () -> new DebeziumJsonDecoder(DebeziumJsonGoldenTest.declaredRoutes());
        List<byte[]> dms = new ArrayList<>();
        for (String line : GoldenRecords.resource(DmsGoldenTest.RECORDS).split("\n")) {
            dms.add(line.getBytes(StandardCharsets.UTF_8));
        }
        return List.of(
                new Format("avro", avro, data(record -> record.framed(Compression.NONE))),
                new Format("avro in zlib", avro, data(record -> record.framed(Compression.ZLIB))),
                new Format("json with schema", json, jsonData(GoldenRecords.GoldenJson::framed)),
                new Format("json without schema", declared, jsonData(GoldenRecords.GoldenJson::bare)),
                new Format("dms", DmsGoldenTest::decoder, dms));
    }

    private List<byte[]> data(Function<GoldenRecords.Golden, RawRecord> form) {
        return golden.records.stream().map(record -> form.apply(record).data()).toList();
    }

    private List<byte[]> jsonData(Function<GoldenRecords.GoldenJson, RawRecord> form) {
        return golden.json.stream().map(record -> form.apply(record).data()).toList();
    }

    @Test
    void mutatedRecordIsDecodedOrRejected() {
        Random random = new Random(seed);
        List<Format> formats = formats();
        List<RecordDecoder> decoders =
                formats.stream().map(format -> format.decoder().get()).toList();
        Map<DeadLetterCode, Integer> codes = new EnumMap<>(DeadLetterCode.class);
        for (int i = 0; i < MUTATIONS; i++) {
            int which = random.nextInt(formats.size());
            Format format = formats.get(which);
            byte[] sound = format.records().get(random.nextInt(format.records().size()));
            Mutation mutation = Mutation.any(random);
            RawRecord record = GoldenRecords.raw(mutation.apply(sound, random));
            String what = "seed " + seed + ", record " + i + ", " + format.name() + ", " + mutation;
            if (decode(decoders.get(which), record, what) instanceof Decoding.Rejected rejected) {
                codes.merge(rejected.code(), 1, Integer::sum);
                assertThat(rejected.reason()).as(what).startsWith("Cannot ");
            }
        }
        assertThat(codes)
                .as("seed %s", seed)
                .containsKeys(
                        DeadLetterCode.MALFORMED,
                        DeadLetterCode.UNKNOWN_SCHEMA,
                        DeadLetterCode.UNSUPPORTED_SCHEMA,
                        DeadLetterCode.UNSUPPORTED_OPERATION,
                        DeadLetterCode.INVALID_VALUE,
                        DeadLetterCode.MISSING_KEY);
    }

    /**
     * Decodes within the time. A slow record is tried again: the time of a thread includes what the machine did meanwhile,
     * and compiling what runs for the first time.
     */
    private static Decoding decode(RecordDecoder decoder, RawRecord record, String what) {
        long fastest = Long.MAX_VALUE;
        Decoding decoding = null;
        for (int tries = 0; tries < 5 && fastest > MAX_NANOS; tries++) {
            long start = THREADS.getCurrentThreadCpuTime();
            try {
                decoding = decoder.decode(record);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(what, e);
            }
            fastest = Math.min(fastest, THREADS.getCurrentThreadCpuTime() - start);
        }
        assertThat(fastest).as(what).isLessThan(MAX_NANOS);
        return Objects.requireNonNull(decoding);
    }

    /** It takes the time of expanding what is allowed, and no room for it. */
    @Test
    void zipBombIsGivenUpWithoutMakingRoomForIt() {
        GoldenRecords.Golden sound = golden.records.get(0);
        byte[] bomb = GlueFrame.write(sound.schemaId(), new byte[GlueFrame.MAX_BODY_BYTES + 1], Compression.ZLIB);
        RecordDecoder decoder = formats().get(0).decoder().get();

        long before = THREADS.getCurrentThreadAllocatedBytes();
        Decoding decoding = decoder.decode(GoldenRecords.raw(bomb));
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(decoding)
                .isInstanceOfSatisfying(
                        Decoding.Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(DeadLetterCode.MALFORMED));
        assertThat(allocated).isLessThan(GlueFrame.MAX_BODY_BYTES / 16);
    }
}
