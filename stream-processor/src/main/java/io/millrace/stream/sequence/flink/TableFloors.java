package io.millrace.stream.sequence.flink;

import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.sequence.Floor;
import io.millrace.stream.sequence.TableFloor;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.jspecify.annotations.Nullable;

/**
 * The newest truncation of each table, in union state: every subtask needs all of them, and after a change of the parallelism
 * a table counts as swept only if all former subtasks had swept it.
 */
final class TableFloors implements Serializable {
    private static final long serialVersionUID = 1L;

    private transient Map<String, TableFloor> floors;
    private transient ListState<TableFloor> saved;

    @SuppressWarnings("NullAway.Init") // Its function restores it before anything else.
    TableFloors() {}

    void restore(FunctionInitializationContext context) throws Exception {
        floors = new HashMap<>();
        saved = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("floors", WireType.of(WireFormat.TABLE_FLOOR)));
        for (TableFloor floor : saved.get()) {
            floors.merge(floor.table(), floor, TableFloors::merged);
        }
    }

    private static TableFloor merged(TableFloor one, TableFloor other) {
        int order = one.floor().position().compareTo(other.floor().position());
        if (order != 0) {
            return order > 0 ? one : other;
        }
        return one.swept() ? other : one;
    }

    void save() throws Exception {
        saved.update(floors.values().stream().toList());
    }

    /** The newest truncation of a table; null if there was none. */
    @Nullable
    Floor find(String table) {
        if (floors.isEmpty()) {
            return null;
        }
        TableFloor floor = floors.get(table);
        return floor == null ? null : floor.floor();
    }

    /** Takes a truncation for the newest of its table if it is; says whether it is, was before, or another one is. */
    Entry raise(String table, Floor floor) {
        TableFloor known = floors.get(table);
        int order = known == null ? 1 : floor.position().compareTo(known.floor().position());
        if (order > 0) {
            floors.put(table, new TableFloor(table, floor, false));
            return Entry.APPLIED;
        }
        return order == 0 ? Entry.DUPLICATE : Entry.SUPERSEDED;
    }

    /** The truncations whose rows are still to be removed, by table. */
    Map<String, Floor> unswept() {
        Map<String, Floor> unswept = new HashMap<>();
        floors.values().stream()
                .filter(floor -> !floor.swept())
                .forEach(floor -> unswept.put(floor.table(), floor.floor()));
        return unswept;
    }

    /** Takes note that the rows below these are removed. */
    void swept(Map<String, Floor> done) {
        done.forEach((table, floor) -> floors.computeIfPresent(
                table, (name, known) -> known.floor().equals(floor) ? new TableFloor(name, floor, true) : known));
    }
}
