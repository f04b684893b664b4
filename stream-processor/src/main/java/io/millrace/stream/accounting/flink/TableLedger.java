package io.millrace.stream.accounting.flink;

import io.millrace.stream.accounting.Ledger;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.LedgerLine;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one operator's subtask: saved with every checkpoint, and shown as the metrics
 * {@code millrace.source.<source>.table.<schema.table>.<entry>}, without the table for records of which none is known.
 *
 * <p>The lines are operator state that Flink deals out anew when the parallelism changes: each line goes to one subtask,
 * so the sum over all subtasks stays what it was.
 */
public final class TableLedger implements Serializable {
    private static final long serialVersionUID = 1L;

    private transient Ledger ledger;
    private transient ListState<LedgerLine> saved;
    private transient MetricGroup metrics;
    private transient Map<String, Ledger.Page> pages;

    @SuppressWarnings("NullAway.Init") // Its operator restores it before anything else.
    public TableLedger() {}

    /** Takes up the books where the checkpoint left them; the operator calls it when its own state is initialized. */
    public void restore(FunctionInitializationContext context, MetricGroup operator) throws Exception {
        restore(context.getOperatorStateStore(), operator);
    }

    private void restore(OperatorStateStore state, MetricGroup operator) throws Exception {
        ledger = new Ledger();
        metrics = operator.addGroup("millrace");
        pages = new HashMap<>();
        saved = state.getListState(new ListStateDescriptor<>("ledger", WireType.of(WireFormat.LEDGER_LINE)));
        for (LedgerLine line : saved.get()) {
            enter(line.account(), line.entry(), line.units());
        }
    }

    /** Puts the books into the checkpoint that is being made. */
    public void save() throws Exception {
        saved.update(ledger.lines());
    }

    /**
     * Enters one unit.
     *
     * @param table the source table's full name
     */
    public void count(Entry entry, String table) {
        Ledger.Page page = pages.get(table);
        if (page == null) {
            page = ledger.page(Account.of(table));
            pages.put(table, page);
        }
        if (page.enter(entry, 1)) {
            show(Account.of(table), entry);
        }
    }

    /** Enters one unit of which perhaps no table is known. */
    public void count(Entry entry, String source, @Nullable String table) {
        if (table == null) {
            enter(new Account(source, null), entry, 1);
        } else {
            count(entry, table);
        }
    }

    private void enter(Account account, Entry entry, long units) {
        if (ledger.page(account).enter(entry, units)) {
            show(account, entry);
        }
    }

    private void show(Account account, Entry entry) {
        MetricGroup source = metrics.addGroup("source", account.source());
        Ledger.Page page = ledger.page(account);
        (account.table() == null ? source : source.addGroup("table", account.table()))
                .gauge(entry.metric(), (Gauge<Long>) () -> page.units(entry));
    }
}
