package io.millrace.stream.model;

import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.LedgerLine;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;

/** The books as a checkpoint holds them. */
public final class Books {

    private Books() {}

    /** The books of some operators, each with all of its subtasks, added up. */
    public static Map<Account, Map<Entry, Long>> in(OperatorSubtaskState... operators) throws Exception {
        Map<Account, Map<Entry, Long>> books = new HashMap<>();
        for (OperatorSubtaskState operator : operators) {
            for (LedgerLine line : lines(operator)) {
                books.computeIfAbsent(line.account(), a -> new TreeMap<>())
                        .merge(line.entry(), line.units(), Long::sum);
            }
        }
        return books;
    }

    private static List<LedgerLine> lines(OperatorSubtaskState operator) throws Exception {
        Reader reader = new Reader();
        try (var harness =
                new OneInputStreamOperatorTestHarness<Integer, Integer>(new ProcessOperator<>(reader), 1, 1, 0)) {
            harness.setup(
                    Types.INT.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
            harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    operator, 1, operator.getManagedOperatorState().size(), 1, 0));
        }
        return reader.lines;
    }

    private static final class Reader extends ProcessFunction<Integer, Integer> implements CheckpointedFunction {
        private static final long serialVersionUID = 1L;
        private final ArrayList<LedgerLine> lines = new ArrayList<>();

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            context.getOperatorStateStore()
                    .getListState(new ListStateDescriptor<>("ledger", WireType.of(WireFormat.LEDGER_LINE)))
                    .get()
                    .forEach(lines::add);
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {}

        @Override
        public void processElement(Integer value, Context context, Collector<Integer> out) {}
    }
}
