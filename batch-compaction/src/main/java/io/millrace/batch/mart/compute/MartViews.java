package io.millrace.batch.mart.compute;

import io.millrace.batch.mart.MartFailure;
import io.millrace.schemas.pipeline.Mart;
import io.millrace.schemas.pipeline.Mart.Query;
import io.millrace.schemas.pipeline.Mart.SkewedJoin;
import io.millrace.schemas.pipeline.Mart.Step;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The inputs and steps of a mart as views of one day, in a session of its own. */
public final class MartViews {
    private final SparkSession session;
    private final String catalog;
    private final Map<String, Object> day;

    /**
     * Begins a day without views.
     *
     * @param session whose views these are; its time zone is the mart's
     * @param catalog the Iceberg catalog's name in it
     */
    public MartViews(SparkSession session, String catalog, Mart mart, LocalDate day) {
        this.session = session;
        this.catalog = catalog;
        this.day = Map.of(
                "day", day,
                "day_start", day.atStartOfDay(mart.timeZone()).toInstant(),
                "day_end", day.plusDays(1).atStartOfDay(mart.timeZone()).toInstant());
    }

    /** Makes the view of an input, at a snapshot; without rows if there is none. */
    public void input(String view, String table, OptionalLong snapshot) {
        String name = catalog + "." + table;
        Dataset<Row> rows = snapshot.isPresent()
                ? session.read().option("snapshot-id", snapshot.getAsLong()).table(name)
                : session.read().table(name).limit(0);
        rows.createOrReplaceTempView(view);
    }

    /** Makes the views of steps, in order. */
    public void steps(List<Step> steps) {
        for (Step step : steps) {
            try {
                rows(step).createOrReplaceTempView(step.view());
            } catch (MartFailure e) {
                throw new MartFailure("Cannot compute step " + step.view() + ": " + e.getMessage(), e);
            }
        }
    }

    /** The rows of a query over the views. */
    public Dataset<Row> query(String what, String sql) {
        try {
            return session.sql(sql, day);
        } catch (Exception e) {
            // Scala's methods do not declare what they throw.
            if (e instanceof AnalysisException) {
                throw new MartFailure(
                        "Cannot run " + what + ": " + e.getMessage() + ". Mend its SQL in the mart file", e);
            }
            throw e;
        }
    }

    /** The rows of a view. */
    public Dataset<Row> view(String name) {
        return session.table(name);
    }

    private Dataset<Row> rows(Step step) {
        if (step instanceof Query query) {
            return query("its query", query.sql());
        }
        SkewedJoin join = (SkewedJoin) step;
        return new SaltedJoin(session).join(view(join.left()), view(join.right()), join.on(), join.kind());
    }
}
