package io.millrace.batch.mart.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.batch.LocalSpark;
import io.millrace.batch.mart.MartFailure;
import io.millrace.schemas.pipeline.Mart.SkewedJoin.Kind;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SaltedJoinTest {
    private final SparkSession session = session();

    /** A third of the rows on one key, some on none, keys without a partner, and partners that come twice. */
    private final Dataset<Row> events = session.sql("SELECT CASE WHEN id % 3 = 0 THEN 7 WHEN id % 50 = 1 THEN NULL"
            + " ELSE id % 400 END AS hub, id % 2 AS belt, id AS event FROM range(30000)");

    private final Dataset<Row> hubs =
            session.sql("SELECT id % 300 AS hub, id % 2 AS belt, concat('hub ', id) AS name" + " FROM range(450)");

    @ParameterizedTest
    @EnumSource(Kind.class)
    void resultIsThatOfThePlainJoin(Kind kind) {
        for (List<String> on : List.of(List.of("hub", "belt"), List.of("hub"))) {
            Dataset<Row> right = on.size() == 2 ? hubs : hubs.drop("belt");
            Dataset<Row> plain = events.join(
                    right,
                    on.toArray(String[]::new),
                    switch (kind) {
                        case INNER -> "inner";
                        case LEFT -> "left";
                        case ANTI -> "left_anti";
                    });

            Dataset<Row> salted = new SaltedJoin(session).join(events, right, on, kind);

            assertThat(salted.columns()).isEqualTo(plain.columns());
            assertThat(salted.exceptAll(plain).count()).isZero();
            assertThat(plain.exceptAll(salted).count()).isZero();
            assertThat(plain.count()).isPositive();
            assertThat(salted.queryExecution().toString())
                    .as("a skewed key was found")
                    .contains("millrace_part");
        }
    }

    @Test
    void evenKeysAreJoinedPlainly() {
        Dataset<Row> even = session.sql("SELECT id % 1000 AS hub, id AS event FROM range(20000)");

        assertThat(new SaltedJoin(session)
                        .join(even, hubs.drop("belt"), List.of("hub"), Kind.INNER)
                        .queryExecution()
                        .toString())
                .doesNotContain("millrace_part");
    }

    @Test
    void columnOfBothSidesIsRefused() {
        assertThatThrownBy(() -> new SaltedJoin(session).join(events, hubs, List.of("hub"), Kind.INNER))
                .isInstanceOf(MartFailure.class)
                .hasMessageContaining("Cannot join: both sides have a column belt");
    }

    private static SparkSession session() {
        SparkSession session = LocalSpark.session().newSession();
        session.conf().set("spark.sql.shuffle.partitions", "8");
        return session;
    }
}
