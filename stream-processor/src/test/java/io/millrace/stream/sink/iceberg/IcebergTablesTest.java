package io.millrace.stream.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.stream.TestPipelines;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a catalog's tables say of themselves before rows come. */
class IcebergTablesTest {
    private static final String TABLE = "shop.public.orders";

    @TempDir
    Path directory;

    private CatalogLoader catalog;
    private IcebergTables tables;

    @BeforeEach
    void open() {
        catalog = CatalogLoader.ofProperties(
                "millrace",
                Map.of("type", "hadoop", "warehouse", directory.toUri().toString()));
        Pipeline named = TestPipelines.orders("file://" + directory);
        Pipeline byPattern = new Pipeline(
                named.name(),
                named.sources(),
                named.eventTime(),
                named.sequencing(),
                named.checkpoints(),
                List.of(new TableRoute(
                        new TableId("shop", "public", "ord*"),
                        List.of(),
                        new TableRoute.IcebergTarget("shop", "{table}", List.of(), 2, false),
                        null)),
                named.connections(),
                named.masking());
        tables = new IcebergTables(catalog, IcebergRoutes.of(byPattern));
    }

    @AfterEach
    void close() {
        tables.close();
    }

    @Test
    void rowsOfAnotherPrimaryKeyThanTheTablesAreRefused() {
        assertThat(tables.fit(TABLE, schema("id"))).isNull();

        assertThat(tables.refusal(TABLE, schema("id"))).isNull();
        assertThat(tables.refusal(TABLE, schema("code"))).contains("(code)", "(id)");
    }

    @Test
    void tableHoldsRowsIfItHasFiles() {
        assertThat(tables.holdsRows(TABLE)).isFalse();
        assertThat(tables.fit(TABLE, schema("id"))).isNull();
        assertThat(tables.holdsRows(TABLE)).isFalse();

        catalog.load()
                .loadTable(TableIdentifier.of("shop", "orders"))
                .newAppend()
                .appendFile(DataFiles.builder(PartitionSpec.unpartitioned())
                        .withPath(directory + "/a.parquet")
                        .withFileSizeInBytes(10)
                        .withRecordCount(1)
                        .build())
                .commit();

        assertThat(tables.holdsRows(TABLE)).isTrue();
        assertThat(tables.holdsRows("shop.public.others")).isFalse();
    }

    private static RowSchema schema(String key) {
        return new RowSchema(
                List.of(new Column("id", Primitive.INT64, false), new Column("code", Primitive.STRING, false)),
                List.of(key));
    }
}
