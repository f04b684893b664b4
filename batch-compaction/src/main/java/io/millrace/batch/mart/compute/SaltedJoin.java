package io.millrace.batch.mart.compute;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.millrace.batch.mart.MartFailure;
import io.millrace.schemas.pipeline.Mart.SkewedJoin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An equi-join that spreads the rows of skewed keys over several tasks.
 *
 * <p>A sample of the left side's keys tells which are skewed ({@link SkewedKeys}). Their left rows get a part by their
 * columns' hash, so that a repeated task gives them the same; their right rows are copied to each part. Every left row so
 * meets exactly one copy of each partner: the result is that of the plain join, also of the kinds that keep rows without a
 * partner. Left rows with a NULL in the key have no partner and are spread over all tasks.
 */
public final class SaltedJoin {
    private static final Logger LOG = LoggerFactory.getLogger(SaltedJoin.class);
    private static final double SAMPLE = 0.01;
    private static final long ENOUGH = 10_000;
    private static final long SEED = 20_240_229;

    private static final String PARTS = "millrace_parts";
    private static final String PART = "millrace_part";
    private static final String ROWS = "millrace_rows";

    private final SparkSession session;
    private final int tasks;

    public SaltedJoin(SparkSession session) {
        this.session = session;
        this.tasks = Integer.parseInt(session.conf().get("spark.sql.shuffle.partitions"));
    }

    /** Joins; without a skewed key it is the plain join. */
    public Dataset<Row> join(Dataset<Row> left, Dataset<Row> right, List<String> on, SkewedJoin.Kind kind) {
        checkColumns(left, right, on, kind);
        Dataset<Row> rows = kind == SkewedJoin.Kind.INNER
                ? left.filter(on.stream()
                        .map(key -> col(key).isNotNull())
                        .reduce(Column::and)
                        .orElse(lit(true)))
                : left;
        Dataset<Row> partners = right.filter(
                on.stream().map(key -> col(key).isNotNull()).reduce(Column::and).orElse(lit(true)));
        Map<Row, Integer> skewed = skewedKeys(rows, on);
        String[] keys = on.toArray(String[]::new);
        if (skewed.isEmpty()) {
            return rows.join(partners, keys, sparkName(kind));
        }
        LOG.info(
                "{} skewed keys of {} rows, the largest in {} parts",
                skewed.size(),
                on,
                skewed.values().iterator().next());
        Dataset<Row> parts = broadcast(parts(skewed, left.schema(), on));
        Dataset<Row> spread = rows.join(parts, keys, "left")
                .withColumn(PART, pmod(xxhash64(hashable(left)), partsOf(on)).cast(DataTypes.IntegerType))
                .drop(PARTS);
        Dataset<Row> copied = partners.join(parts, keys, "left")
                .withColumn(
                        PART,
                        explode(when(col(PARTS).isNull(), array(lit(0)))
                                .otherwise(sequence(lit(0), col(PARTS).minus(1)))))
                .drop(PARTS);
        String[] keysAndPart = Stream.concat(on.stream(), Stream.of(PART)).toArray(String[]::new);
        return spread.join(copied, keysAndPart, sparkName(kind)).drop(PART);
    }

    /** How many parts a left row's key has. */
    private Column partsOf(List<String> on) {
        Column isNull =
                on.stream().map(key -> col(key).isNull()).reduce(Column::or).orElse(lit(false));
        return when(isNull, lit(tasks)).when(col(PARTS).isNull(), lit(1)).otherwise(col(PARTS));
    }

    private Map<Row, Integer> skewedKeys(Dataset<Row> left, List<String> on) {
        Column[] keys = on.stream().map(org.apache.spark.sql.functions::col).toArray(Column[]::new);
        Dataset<Row> all = left.select(keys);
        Dataset<Row> sample = all.sample(false, SAMPLE, SEED);
        long size = sample.count();
        if (size < ENOUGH) {
            sample = all.limit((int) (ENOUGH / SAMPLE));
            size = sample.count();
        }
        Map<Row, Long> counts = new LinkedHashMap<>();
        for (Row counted : sample.na()
                .drop()
                .groupBy(keys)
                .agg(org.apache.spark.sql.functions.count(lit(1)).as(ROWS))
                .orderBy(col(ROWS).desc())
                .limit(SkewedKeys.MOST_KEYS)
                .collectAsList()) {
            Object[] key = new Object[on.size()];
            Arrays.setAll(key, counted::get);
            counts.put(RowFactory.create(key), counted.<Long>getAs(ROWS));
        }
        return SkewedKeys.of(counts, size, tasks);
    }

    private Dataset<Row> parts(Map<Row, Integer> skewed, StructType left, List<String> on) {
        List<StructField> fields = new ArrayList<>();
        on.forEach(key -> fields.add(left.apply(key)));
        fields.add(DataTypes.createStructField(PARTS, DataTypes.IntegerType, true));
        List<Row> rows = new ArrayList<>();
        skewed.forEach((key, parts) -> {
            Object[] values = new Object[on.size() + 1];
            for (int i = 0; i < on.size(); i++) {
                values[i] = key.get(i);
            }
            values[on.size()] = parts;
            rows.add(RowFactory.create(values));
        });
        return session.createDataFrame(rows, DataTypes.createStructType(fields));
    }

    private static Column[] hashable(Dataset<Row> rows) {
        return Arrays.stream(rows.schema().fields())
                .filter(field -> !(field.dataType() instanceof MapType))
                .map(field -> col(field.name()))
                .toArray(Column[]::new);
    }

    private static void checkColumns(Dataset<Row> left, Dataset<Row> right, List<String> on, SkewedJoin.Kind kind) {
        Set<String> leftColumns = Set.of(left.columns());
        Set<String> rightColumns = Set.of(right.columns());
        for (String key : on) {
            if (!leftColumns.contains(key) || !rightColumns.contains(key)) {
                throw new MartFailure(
                        "Cannot join on " + key + ": " + (leftColumns.contains(key) ? "the right" : "the left")
                                + " side has no such column. Select it there under this name");
            }
        }
        if (kind != SkewedJoin.Kind.ANTI) {
            for (String column : right.columns()) {
                if (leftColumns.contains(column) && !on.contains(column)) {
                    throw new MartFailure(
                            "Cannot join: both sides have a column " + column + ". Rename it in a step before");
                }
            }
        }
    }

    private static String sparkName(SkewedJoin.Kind kind) {
        return switch (kind) {
            case INNER -> "inner";
            case LEFT -> "left";
            case ANTI -> "left_anti";
        };
    }
}
