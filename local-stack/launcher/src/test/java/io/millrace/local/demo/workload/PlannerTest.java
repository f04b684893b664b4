package io.millrace.local.demo.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final long SEED = Long.getLong("seed", 7);

    @Test
    void sameSeedMakesTheSamePlans() {
        assertThat(describe(plan(new Lane(0, 2), 500))).isEqualTo(describe(plan(new Lane(0, 2), 500)));
    }

    @Test
    void everyTableSeesInsertsUpdatesAndDeletes() {
        for (LogisticsTable table : LogisticsTable.values()) {
            Set<RowOperation> operations = EnumSet.noneOf(RowOperation.class);
            statements(plan(new Lane(0, 1), 4_000))
                    .filter(statement -> statement.table() == table)
                    .forEach(statement -> operations.add(statement.operation()));
            assertThat(operations)
                    .as("%s, seed %d", table, SEED)
                    .contains(RowOperation.INSERT, RowOperation.DELETE)
                    .containsAnyOf(RowOperation.UPDATE, RowOperation.KEY_CHANGE);
        }
    }

    @Test
    void someTransactionsAreRolledBackAndSomeAreLarge() {
        List<PlannedTransaction> transactions = plan(new Lane(0, 1), 2_000);

        assertThat(transactions).as("seed %d", SEED).anyMatch(transaction -> !transaction.commits());
        assertThat(transactions).as("seed %d", SEED).anyMatch(transaction -> transaction.rows() >= 10);
    }

    @Test
    void customersOfTwoLanesNeverMeet() {
        Set<Object> first = insertedCustomers(plan(new Lane(0, 2), 1_000));
        Set<Object> second = insertedCustomers(plan(new Lane(1, 2), 1_000));

        assertThat(first).as("seed %d", SEED).isNotEmpty().doesNotContainAnyElementsOf(second);
    }

    @Test
    void laneGivesItsOwnIdsInOrder() {
        Lane lane = new Lane(1, 3);

        assertThat(List.of(lane.idAfter(0), lane.idAfter(1), lane.idAfter(200), lane.idAfter(202)))
                .containsExactly(1L, 4L, 202L, 205L);
    }

    private static Set<Object> insertedCustomers(List<PlannedTransaction> transactions) {
        Set<Object> ids = new HashSet<>();
        statements(transactions)
                .filter(statement ->
                        statement.table() == LogisticsTable.CUSTOMERS && statement.operation() == RowOperation.INSERT)
                .forEach(statement -> ids.add(statement.values().get(0)));
        return ids;
    }

    private static Stream<PlannedStatement> statements(List<PlannedTransaction> transactions) {
        return transactions.stream().flatMap(transaction -> transaction.statements().stream());
    }

    /** Without byte arrays, which are equal to themselves alone. */
    private static String describe(List<PlannedTransaction> transactions) {
        StringBuilder text = new StringBuilder();
        statements(transactions).forEach(statement -> {
            text.append(statement.sql());
            statement.values().forEach(value -> text.append(value instanceof byte[] b ? b.length : value));
        });
        return text.toString();
    }

    private static List<PlannedTransaction> plan(Lane lane, int count) {
        Planner planner = new Planner(new Company(lane), new Random(SEED));
        return Stream.generate(planner::next).limit(count).toList();
    }
}
