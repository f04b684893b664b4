package io.millrace.stream.validate.flink;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.schemas.pipeline.TableRoutes;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.accounting.flink.TableLedger;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.sequence.KeptValues;
import io.millrace.stream.validate.TableRules;
import io.millrace.stream.validate.Violation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses or reports changes that break rules which look at one row at a time.
 *
 * <p>A rule that cannot be checked, as the column is missing or of another type, is reported once for each schema: the rows
 * are not to blame, and pass.
 */
public final class ValidateFunction extends ProcessFunction<DecodedChange, DecodedChange>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ValidateFunction.class);

    private final List<TableRoute> routes;
    private final OutputTag<DeadLetter> deadLetters;
    private final TableLedger ledger = new TableLedger();
    private transient @Nullable TableRoutes patterns;
    private transient @Nullable Map<String, Optional<TableRules>> tables;
    private transient @Nullable Set<String> told;
    private transient @Nullable Map<String, RowSchema> lastSchemas;

    public ValidateFunction(List<TableRoute> routes, OutputTag<DeadLetter> deadLetters) {
        this.routes = List.copyOf(routes);
        this.deadLetters = deadLetters;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ledger.restore(context, getRuntimeContext().getMetricGroup());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.save();
    }

    @Override
    public void open(OpenContext context) {
        tables = new HashMap<>();
        told = new HashSet<>();
        lastSchemas = new HashMap<>();
        patterns = new TableRoutes(routes);
    }

    @Override
    public void processElement(DecodedChange decoded, Context context, Collector<DecodedChange> out) {
        ChangeEvent change = decoded.change();
        Row after = change.after();
        TableRules rules = rules(change.key().table());
        if (rules == null || after == null) {
            out.collect(decoded);
            return;
        }
        tellWhatCannotBeChecked(rules, change, after);
        List<Violation> violations = rules.violations(after);
        long watermark = context.timerService().currentWatermark();
        if (violations.isEmpty()) {
            out.collect(decoded);
        } else if (violations.stream().anyMatch(broken -> broken.rule().action() == Rule.Action.DEAD_LETTER)) {
            ledger.count(Entry.DEAD_LETTERED, change.key().table());
            context.output(deadLetters, decoded.refusal(DeadLetterCode.RULE_BROKEN, reason(violations), watermark));
            if (KeptValues.mayBeLeftOutOf(after)) {
                out.collect(decoded.asRefused());
            }
        } else {
            context.output(
                    deadLetters,
                    decoded.refusal(DeadLetterCode.RULE_BROKEN, reason(violations), watermark)
                            .with(Review.REPORTED));
            out.collect(decoded);
        }
    }

    /** The rules of a table; null if it has none. */
    private @Nullable TableRules rules(String table) {
        return Objects.requireNonNull(tables)
                .computeIfAbsent(table, name -> {
                    TableRoute route = Objects.requireNonNull(patterns).find(name);
                    List<Rule.OfColumn> rules =
                            route == null ? List.of() : route.quality().rules(Rule.OfColumn.class);
                    return rules.isEmpty() ? Optional.empty() : Optional.of(new TableRules(rules));
                })
                .orElse(null);
    }

    private void tellWhatCannotBeChecked(TableRules rules, ChangeEvent change, Row row) {
        String table = change.key().table();
        if (Objects.requireNonNull(lastSchemas).put(table, row.schema()) == row.schema()) {
            return;
        }
        for (String problem : rules.problems(row.schema())) {
            if (Objects.requireNonNull(told).add(table + " " + problem)) {
                LOG.warn("{}: {}", table, problem);
            }
        }
    }

    private static String reason(List<Violation> violations) {
        return violations.stream().map(Violation::reason).collect(Collectors.joining("; "));
    }
}
