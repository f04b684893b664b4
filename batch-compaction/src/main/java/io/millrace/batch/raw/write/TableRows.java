package io.millrace.batch.raw.write;

import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.source.SparkTable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;

/** Reads Iceberg tables without any catalog of Spark's being configured. */
final class TableRows {
    private TableRows() {}

    /** The rows of the table as it is loaded, with Iceberg's metadata columns at hand. */
    static Dataset<Row> of(SparkSession spark, Table table) {
        return Dataset.ofRows(
                spark,
                DataSourceV2Relation.create(
                        new SparkTable(table, false),
                        Option.empty(),
                        Option.empty(),
                        new CaseInsensitiveStringMap(Map.of())));
    }
}
