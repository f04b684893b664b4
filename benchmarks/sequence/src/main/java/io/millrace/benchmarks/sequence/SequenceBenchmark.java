package io.millrace.benchmarks.sequence;

import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import io.millrace.schemas.pipeline.Sequencing;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.stream.StateDefaults;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.sequence.KeyHistory;
import io.millrace.stream.sequence.flink.SequenceFunction;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.OutputTag;

/**
 * The keyed step alone, on RocksDB with checkpoints every ten seconds, as the job runs it: {@code [keys] [updates] [setting=value…]}, ten and
 * five million if left out. Further arguments are Flink's settings, {@code state.backend.rocksdb.block.blocksize=16kb}, in the
 * place of the job's own.
 */
public final class SequenceBenchmark {

    private SequenceBenchmark() {}

    public static void main(String[] args) throws Exception {
        int keys = args.length > 0 ? Integer.parseInt(args[0]) : 10_000_000;
        int updates = args.length > 1 ? Integer.parseInt(args[1]) : 5_000_000;
        Path directory = Files.createTempDirectory("millrace-sequence");
        System.out.printf("%,d keys; %,d updates%n", keys, updates);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(
                1, settings(directory, List.of(args).subList(Math.min(2, args.length), args.length)));
        DataStream<DecodedChange> changes = env.addSource(
                new ChangeLoad(keys, updates, directory.resolve("state")), WireType.of(WireFormat.DECODED_CHANGE));
        DataStreamUtils.reinterpretAsKeyedStream(
                        changes, change -> change.change().key(), WireType.<RowKey>of(WireFormat.ROW_KEY))
                .process(
                        new SequenceFunction(
                                new EventTime(
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(30),
                                        Duration.ofMinutes(5),
                                        new Lateness(Duration.ofHours(2), Lateness.Policy.DEAD_LETTER),
                                        Map.of()),
                                new Sequencing(Duration.ofMinutes(10), Duration.ofDays(7)),
                                new TableRoutes(List.of()),
                                new OutputTag<>("dead-letters", WireType.of(WireFormat.DEAD_LETTER)),
                                null),
                        WireType.of(WireFormat.ROW_CHANGE))
                .sinkTo(new DiscardingSink<>());
        env.execute("sequence");
        System.out.printf("of it the key itself %.1f bytes, the history %d bytes%n", keyBytes(keys), historyBytes());
    }

    private static Configuration settings(Path directory, List<String> own) {
        Configuration settings = new Configuration();
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        settings.set(
                RocksDBOptions.LOCAL_DIRECTORIES, directory.resolve("state").toString());
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.MAX_PARALLELISM, 720);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        for (String setting : own) {
            int sign = setting.indexOf('=');
            settings.setString(setting.substring(0, sign), setting.substring(sign + 1));
        }
        StateDefaults.apply(settings, settings.clone());
        return settings;
    }

    /** A key in RocksDB: two bytes of key group, the key, one byte of namespace. */
    private static double keyBytes(int keys) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        var serializer = WireType.of(WireFormat.ROW_KEY).createSerializer(new SerializerConfigImpl());
        int samples = 1000;
        for (int i = 0; i < samples; i++) {
            serializer.serialize(new RowKey("shop.public.orders", Long.toString((long) i * keys / samples)), out);
        }
        return 3 + out.length() / (double) samples;
    }

    private static int historyBytes() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        WireType.of(WireFormat.KEY_HISTORY)
                .createSerializer(new SerializerConfigImpl())
                .serialize(
                        new KeyHistory(
                                new SourcePosition(0x1_7000_0000L, 0x1_BC00_0000L),
                                0x1_BC00_0000L,
                                false,
                                false,
                                false,
                                null,
                                KeyHistory.NEVER),
                        out);
        return out.length();
    }
}
