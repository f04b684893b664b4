package io.millrace.stream.volume.flink;

import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.volume.SilenceClock;
import io.millrace.stream.volume.Volume;
import io.millrace.stream.volume.VolumeHistory;
import io.millrace.stream.volume.VolumeLetters;
import io.millrace.stream.volume.VolumeWatch;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.jspecify.annotations.Nullable;

/**
 * Watches the minutes of all tables that have a rule about their volume, in one subtask; its state is their histories.
 *
 * <p>Time comes from watermarks. While all sources are idle there are none, and time goes on by the wall clock, looked at
 * now and then.
 */
final class VolumeOperator extends AbstractStreamOperator<DeadLetter>
        implements OneInputStreamOperator<MinuteCounts, DeadLetter>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1L;
    private static final long LOOK_MILLIS = 5_000;

    private final TableRoutes routes;
    private transient Map<String, VolumeWatch> watches;
    private transient SilenceClock clock;
    private transient ListState<VolumeHistory> saved;
    private transient boolean idle;
    private transient boolean looking;

    @SuppressWarnings("NullAway.Init") // Flink's contract: initializeState() comes before anything else.
    VolumeOperator(TableRoutes routes) {
        this.routes = routes;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        watches = new LinkedHashMap<>();
        clock = new SilenceClock();
        saved = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("volume", WireType.of(WireFormat.VOLUME_HISTORY)));
        for (VolumeHistory history : saved.get()) {
            Rule.Volume rule = rule(history.table());
            if (rule != null) {
                watch(history.table(), new VolumeWatch(rule, history));
            }
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        saved.update(watches.values().stream().map(VolumeWatch::history).toList());
    }

    @Override
    public void processElement(StreamRecord<MinuteCounts> element) {
        MinuteCounts minute = element.getValue();
        VolumeWatch watch = watches.get(minute.table());
        if (watch == null && minute.changes() > 0) {
            Rule.Volume rule = rule(minute.table());
            if (rule != null) {
                watch = new VolumeWatch(rule, minute.table(), minute.minuteMillis());
                watch(minute.table(), watch);
            }
        }
        if (watch != null) {
            watch.take(minute.minuteMillis(), minute.changes());
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        clock.heard(mark.getTimestamp());
        judge(mark.getTimestamp());
        super.processWatermark(mark);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        super.processWatermarkStatus(status);
        long now = getProcessingTimeService().getCurrentProcessingTime();
        idle = status.isIdle();
        if (idle) {
            clock.fallsSilent(now);
            lookLater(now);
        } else {
            clock.endsSilence(now);
        }
    }

    private void lookLater(long now) {
        if (!looking) {
            looking = true;
            getProcessingTimeService().registerTimer(now + LOOK_MILLIS, this);
        }
    }

    @Override
    public void onProcessingTime(long timestamp) {
        looking = false;
        if (idle) {
            long now = getProcessingTimeService().getCurrentProcessingTime();
            judge(clock.millis(now));
            lookLater(now);
        }
    }

    private void judge(long millis) {
        watches.forEach((table, watch) -> {
            Rule.Volume rule = rule(table);
            if (rule != null) {
                watch.advance(millis)
                        .forEach(breach -> output.collect(new StreamRecord<>(VolumeLetters.of(breach, rule))));
            }
        });
    }

    private Rule.@Nullable Volume rule(String table) {
        TableRoute route = routes.find(table);
        return route == null
                ? null
                : route.quality().rules(Rule.Volume.class).stream().findFirst().orElse(null);
    }

    private void watch(String table, VolumeWatch watch) {
        watches.put(table, watch);
        clock.heard(watch.judgedToMillis());
        Account account = Account.of(table);
        MetricGroup source = getMetricGroup().addGroup("millrace").addGroup("source", account.source());
        MetricGroup group = account.table() == null ? source : source.addGroup("table", account.table());
        group.gauge("volume", (Gauge<Integer>)
                () -> watch.standing() == Volume.TOO_FEW ? -1 : watch.standing() == Volume.TOO_MANY ? 1 : 0);
        group.gauge("changes_per_minute", (Gauge<Long>) watch::lastChanges);
        group.gauge("usual_changes_per_minute", (Gauge<Long>) watch::lastAverage);
    }
}
