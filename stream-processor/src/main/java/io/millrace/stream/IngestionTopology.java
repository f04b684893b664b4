package io.millrace.stream;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.schemas.replay.ReplayRequest;
import io.millrace.stream.admit.flink.AdmitFunction;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.flink.SealFunction;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.decode.DecoderFactory;
import io.millrace.stream.decode.flink.DecodeFunction;
import io.millrace.stream.eventtime.flink.EventTimeOperator;
import io.millrace.stream.eventtime.flink.ShardWatermarks;
import io.millrace.stream.eventtime.flink.Timeless;
import io.millrace.stream.fit.TargetTables;
import io.millrace.stream.fit.flink.FitFunction;
import io.millrace.stream.mask.flink.MaskFunction;
import io.millrace.stream.mask.flink.TravelLight;
import io.millrace.stream.replay.flink.ReplayFunction;
import io.millrace.stream.sequence.flink.SequenceFunction;
import io.millrace.stream.sequence.flink.SequenceOperator;
import io.millrace.stream.sink.flink.ChangeTarget;
import io.millrace.stream.sink.flink.DeadLetterTarget;
import io.millrace.stream.sink.flink.MinuteTarget;
import io.millrace.stream.source.flink.RecordSource;
import io.millrace.stream.truncate.flink.TruncateFunction;
import io.millrace.stream.validate.flink.UniqueFunction;
import io.millrace.stream.validate.flink.ValidateFunction;
import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.volume.flink.IngestionMinutes;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

/**
 * The whole route of a change through the job:
 *
 * <pre>
 * replays: ───── read ─ decode ───────────────────────┐
 * each source: read ─ decode ─ admit ─ event time ─ validate ─ mask ─ fit ─┐                   ┌─ each target: Iceberg, OpenSearch
 *                       │        │                     │        │      │   ├─ by key: sequence ┤                  │ refused
 *                       ├─ truncations ─ truncate ─ to all subtasks of sequence
 *                       └────────┴── refused ──────────┴────────┴─ seal┴───┴──── refused ──────┴──────────────────┴─► dead letters
 * </pre>
 *
 * <p>Where minutes are counted, {@link IngestionMinutes} hangs on sequence and the refused.
 *
 * <p>Where records come from, how they are decoded and where changes go are parameters, so that tests run the same route.
 *
 * @param source where records come from
 * @param decoders how they are decoded
 * @param targets where changes go; each sees all of them
 * @param deadLetters where refused records go
 * @param minutes where minutes go, in a pipeline that counts them
 */
public record IngestionTopology(
        RecordSource source,
        DecoderFactory decoders,
        List<ChangeTarget> targets,
        DeadLetterTarget deadLetters,
        MinuteTarget minutes) {

    private static final OutputTag<DeadLetter> REFUSED =
            new OutputTag<>("dead-letters", WireType.of(WireFormat.DEAD_LETTER));
    private static final OutputTag<DeadLetter> TOLD = new OutputTag<>("told", WireType.of(WireFormat.DEAD_LETTER));

    private static final OutputTag<MinuteCounts> COUNTED =
            new OutputTag<>("minutes", WireType.of(WireFormat.MINUTE_COUNTS));

    /** No source has this name, as theirs are in lower case. */
    private static final String REPLAY = "REPLAY";

    /** Adds the route of a pipeline to a job. */
    public void build(StreamExecutionEnvironment env, Pipeline pipeline) {
        List<DataStream<DecodedChange>> ready = new ArrayList<>();
        List<DataStream<DecodedTruncation>> truncations = new ArrayList<>();
        List<DataStream<DeadLetter>> refused = new ArrayList<>();
        for (Source from : pipeline.sources()) {
            SingleOutputStreamOperator<DecodedChange> changes = decode(read(env, from), from);
            SingleOutputStreamOperator<DecodedChange> admitted = admit(changes, from, pipeline);
            DataStream<DeadLetter> early = changes.getSideOutput(REFUSED).union(admitted.getSideOutput(REFUSED));
            truncations.add(changes.getSideOutput(DecodeFunction.TRUNCATIONS));
            ready.add(prepare(withEventTime(admitted, from, pipeline), from.name(), pipeline, early, refused));
        }
        ready.add(replays(env, pipeline, truncations, refused));
        SingleOutputStreamOperator<RowChange> sequenced = sequence(
                unique(union(ready), pipeline, refused), truncate(union(truncations), pipeline, refused), pipeline);
        refused.add(sequenced.getSideOutput(REFUSED));
        if (pipeline.countsMinutes()) {
            DataStream<MinuteCounts> whole =
                    IngestionMinutes.count(sequenced.getSideOutput(COUNTED), union(refused), pipeline);
            minutes.write(whole);
            IngestionMinutes.watch(whole, pipeline.tables()).forEach(refused::add);
        }
        for (ChangeTarget target : targets) {
            target.write(sequenced).ifPresent(refused::add);
        }
        deadLetters.write(union(refused));
    }

    /** Takes the changes of tables with rules of unique values through one more step, and all others past it. */
    private static DataStream<DecodedChange> unique(
            DataStream<DecodedChange> changes, Pipeline pipeline, List<DataStream<DeadLetter>> refused) {
        List<TableRoute> routes = pipeline.tables().stream()
                .filter(route ->
                        !route.quality().rules(Rule.UniqueInWindow.class).isEmpty())
                .toList();
        if (routes.isEmpty()) {
            return changes;
        }
        TableRoutes unique = new TableRoutes(routes);
        SingleOutputStreamOperator<DecodedChange> checked = changes.filter(
                        change -> unique.find(change.change().key().table()) != null)
                .uid("unique-tables-only")
                .name("of tables with unique values")
                .keyBy(change -> change.change().key().table(), Types.STRING)
                .process(new UniqueFunction(routes, REFUSED), WireType.of(WireFormat.DECODED_CHANGE))
                .uid("unique")
                .name("check unique values");
        refused.add(checked.getSideOutput(REFUSED));
        return changes.filter(change -> unique.find(change.change().key().table()) == null)
                .uid("other-tables")
                .name("of all other tables")
                .union(checked);
    }

    /** Dead letters that come back: neither their time nor that of the stream matters, so they are late for nobody. */
    private DataStream<DecodedChange> replays(
            StreamExecutionEnvironment env,
            Pipeline pipeline,
            List<DataStream<DecodedTruncation>> truncations,
            List<DataStream<DeadLetter>> refused) {
        Source stream = new Source(
                REPLAY,
                pipeline.sources().get(0).format(),
                pipeline.sources().get(0).transport(),
                ReplayRequest.streamOf(pipeline.name()),
                1,
                null);
        SingleOutputStreamOperator<DecodedChange> changes = read(env, stream)
                .process(new ReplayFunction(pipeline, decoders, REFUSED, TOLD), WireType.of(WireFormat.DECODED_CHANGE))
                .uid("decode-" + REPLAY)
                .name("decode replays");
        refused.add(changes.getSideOutput(TOLD));
        truncations.add(changes.getSideOutput(DecodeFunction.TRUNCATIONS));
        DataStream<DecodedChange> timeless = EventTimeOperator.add(changes, Timeless.ofReplays())
                .uid("event-time-" + REPLAY)
                .name("event time of replays");
        return prepare(timeless, REPLAY, pipeline, changes.getSideOutput(REFUSED), refused);
    }

    /**
     * Checks the rules, masks, fits the tables: all that shapes a row or refuses it before anything is remembered of it.
     *
     * @param early what the steps before have refused
     * @param refused takes all that is refused up to here, sealed
     */
    private DataStream<DecodedChange> prepare(
            DataStream<DecodedChange> changes,
            String from,
            Pipeline pipeline,
            DataStream<DeadLetter> early,
            List<DataStream<DeadLetter>> refused) {
        SingleOutputStreamOperator<DecodedChange> valid = changes.process(
                        new ValidateFunction(pipeline.tables(), REFUSED), WireType.of(WireFormat.DECODED_CHANGE))
                .uid("validate-" + from)
                .name("check rules of " + from);
        SingleOutputStreamOperator<DecodedChange> masked = valid.process(
                        new MaskFunction(pipeline, REFUSED), WireType.of(WireFormat.DECODED_CHANGE))
                .uid("mask-" + from)
                .name("mask " + from);
        SingleOutputStreamOperator<DecodedChange> fitting = fit(masked, from);
        DataStream<DeadLetter> inClear = early.union(valid.getSideOutput(REFUSED), masked.getSideOutput(REFUSED));
        refused.add(sealed(inClear, SealFunction.ofUnmasked(pipeline), "seal-unmasked-" + from));
        refused.add(sealed(fitting.getSideOutput(REFUSED), SealFunction.ofMasked(pipeline), "seal-masked-" + from));
        return fitting.map(new TravelLight(pipeline))
                .returns(WireType.of(WireFormat.DECODED_CHANGE))
                .uid("travel-light-" + from)
                .name("travel light from " + from);
    }

    private static DataStream<DeadLetter> sealed(DataStream<DeadLetter> letters, SealFunction seal, String uid) {
        return letters.map(seal)
                .returns(WireType.of(WireFormat.DEAD_LETTER))
                .uid(uid)
                .name(uid.replace('-', ' '));
    }

    private DataStream<RawRecord> read(StreamExecutionEnvironment env, Source from) {
        DataStream<RawRecord> records = source.read(env, from);
        return records instanceof SingleOutputStreamOperator<RawRecord> operator
                ? operator.uid("source-" + from.name()).name("read " + from.name())
                : records;
    }

    private SingleOutputStreamOperator<DecodedChange> decode(DataStream<RawRecord> records, Source from) {
        // Forward, and not whatever fits the parallelism: a key's changes must not overtake each other on the way.
        return records.forward()
                .process(new DecodeFunction(from, decoders, REFUSED), WireType.of(WireFormat.DECODED_CHANGE))
                .uid("decode-" + from.name())
                .name("decode " + from.name());
    }

    private static SingleOutputStreamOperator<DecodedChange> admit(
            DataStream<DecodedChange> changes, Source from, Pipeline pipeline) {
        return changes.process(new AdmitFunction(pipeline.eventTime(), REFUSED), WireType.of(WireFormat.DECODED_CHANGE))
                .uid("admit-" + from.name())
                .name("admit changes of " + from.name());
    }

    private static DataStream<DecodedChange> withEventTime(
            DataStream<DecodedChange> changes, Source from, Pipeline pipeline) {
        return EventTimeOperator.add(changes, ShardWatermarks.strategy(pipeline.eventTime()))
                .uid("event-time-" + from.name())
                .name("event time of " + from.name());
    }

    /** Behind everything that shapes a row, and before the keyed step: a change that is refused has left no trace yet. */
    private SingleOutputStreamOperator<DecodedChange> fit(DataStream<DecodedChange> changes, String from) {
        return changes.forward()
                .process(new FitFunction(tables(), REFUSED), WireType.of(WireFormat.DECODED_CHANGE))
                .uid("fit-" + from)
                .name("fit tables to " + from);
    }

    private List<TargetTables.Factory> tables() {
        return targets.stream().flatMap(target -> target.tables().stream()).toList();
    }

    /** In one subtask for all sources; truncations are few. */
    private DataStream<DecodedTruncation> truncate(
            DataStream<DecodedTruncation> truncations, Pipeline pipeline, List<DataStream<DeadLetter>> refused) {
        SingleOutputStreamOperator<DecodedTruncation> known = truncations
                .process(new TruncateFunction(pipeline, tables(), REFUSED), WireType.of(WireFormat.DECODED_TRUNCATION))
                .setParallelism(1)
                .setMaxParallelism(1)
                .uid("truncate")
                .name("truncations of tables");
        refused.add(sealed(known.getSideOutput(REFUSED), SealFunction.ofUnmasked(pipeline), "seal-truncations"));
        return EventTimeOperator.add(known, Timeless.strategy())
                .setParallelism(1)
                .uid("event-time-truncations")
                .name("no event time of truncations");
    }

    /** Truncations go to every subtask, as each has rows of every table. */
    private static SingleOutputStreamOperator<RowChange> sequence(
            DataStream<DecodedChange> decoded, DataStream<DecodedTruncation> truncations, Pipeline pipeline) {
        return SequenceOperator.add(
                        decoded.keyBy(change -> change.change().key(), WireType.<RowKey>of(WireFormat.ROW_KEY)),
                        truncations,
                        new SequenceFunction(
                                pipeline.eventTime(),
                                pipeline.sequencing(),
                                pipeline.routes(),
                                REFUSED,
                                pipeline.countsMinutes() ? COUNTED : null),
                        REFUSED)
                .uid("sequence")
                .name("sequence");
    }

    private static <T> DataStream<T> union(List<DataStream<T>> streams) {
        DataStream<T> all = streams.get(0);
        for (DataStream<T> next : streams.subList(1, streams.size())) {
            all = all.union(next);
        }
        return all;
    }
}
