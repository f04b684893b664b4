package io.millrace.stream.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a transport makes of a history, and however often and with whatever parallelism the job starts over: tables, dead
 * letters and books are those of the plain model. One seed again: {@code -Dseed=N}; more: {@code -Dseeds=1000}.
 */
class ModelTest {
    private static final int WATERMARK_EVERY = 20;

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.rangeClosed(1, Integer.getInteger("seeds", 40));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsAsThePlainModel(long seed) throws Exception {
        PlainModel model = new PlainModel();
        List<Delivery> deliveries = new ArrayList<>();
        List<Long> watermarks = new ArrayList<>();
        ship(new Deliveries(seed, true).make(2_500, 700), model, deliveries, watermarks);
        Random accidents = new Random(seed);
        HarnessRun run = new HarnessRun(deliveries, stateBackend(seed), 1 + accidents.nextInt(3));

        int checkpointed = 0;
        run.checkpoint(0);
        for (int i = 0; i < deliveries.size(); i++) {
            run.take(deliveries.get(i), watermarks.get(i));
            if (accidents.nextInt(300) == 0) {
                run.checkpoint(i + 1);
                checkpointed = i + 1;
            } else if (accidents.nextInt(700) == 0) {
                run.killAndRestore(1 + accidents.nextInt(3));
                i = checkpointed - 1;
            }
        }
        run.checkpoint(deliveries.size() + 1);
        run.close();

        assertThat(run.rows()).as("rows, seed %d", seed).isEqualTo(model.rows());
        assertThat(run.letters()).as("dead letters, seed %d", seed).isEqualTo(model.letters());
        assertThat(run.reports()).as("reports, seed %d", seed).isEqualTo(model.reports());
        Map<Account, Map<Entry, Long>> books = run.books();
        assertThat(books).as("books, seed %d", seed).isEqualTo(model.books());
        assertThat(books.values()).as("books, seed %d", seed).allSatisfy(ModelTest::addsUp);
    }

    /** RocksDB as in production now and then; it takes ten times as long to start over. */
    private static StateBackend stateBackend(long seed) {
        return seed % 18 == 1 ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    }

    @Test
    void historiesHoldEverythingThatCanHappen() {
        PlainModel model = new PlainModel();
        ship(new Deliveries(1, true).make(2_500, 700), model, new ArrayList<>(), new ArrayList<>());

        assertThat(model.letters().values())
                .contains(
                        DeadLetterCode.MALFORMED,
                        DeadLetterCode.FUTURE_TIMESTAMP,
                        DeadLetterCode.LATE,
                        DeadLetterCode.RULE_BROKEN);
        assertThat(model.reports()).isNotEmpty();
        assertThat(model.books().get(Account.of(Deliveries.ORDERS.toString())))
                .containsKeys(Entry.APPLIED, Entry.SUPERSEDED, Entry.DUPLICATE, Entry.DEAD_LETTERED, Entry.LATE);
        assertThat(model.books().get(Account.of(Deliveries.EVENTS.toString())))
                .containsKeys(Entry.APPLIED, Entry.SUPERSEDED, Entry.DUPLICATE, Entry.DEAD_LETTERED, Entry.LATE);
        assertThat(model.books().get(Account.of(Deliveries.AUDIT.toString())))
                .containsKeys(Entry.APPLIED, Entry.SUPERSEDED, Entry.DUPLICATE, Entry.DEAD_LETTERED, Entry.LATE);
    }

    /** Gives the model what is delivered, with the watermarks that a single slow clock would give. */
    private static void ship(
            List<Delivery> planned, PlainModel model, List<Delivery> deliveries, List<Long> watermarks) {
        long watermark = Long.MIN_VALUE;
        long latest = Long.MIN_VALUE;
        for (Delivery next : planned) {
            if (model.isOnTheEdge(next, watermark)) {
                continue;
            }
            Delivery delivery =
                    new Delivery(deliveries.size(), next.kind(), next.shard(), next.arrivalMillis(), next.change());
            model.take(delivery, watermark);
            deliveries.add(delivery);
            watermarks.add(watermark);
            latest = Math.max(latest, next.arrivalMillis());
            if (deliveries.size() % WATERMARK_EVERY == 0) {
                watermark = latest - 5_000;
            }
        }
    }

    static void addsUp(Map<Entry, Long> account) {
        assertThat(account.getOrDefault(Entry.APPLIED, 0L)
                        + account.getOrDefault(Entry.SUPERSEDED, 0L)
                        + account.getOrDefault(Entry.DUPLICATE, 0L)
                        + account.getOrDefault(Entry.DEAD_LETTERED, 0L)
                        + account.getOrDefault(Entry.CONTROL, 0L))
                .isEqualTo(account.get(Entry.RECEIVED));
    }
}
