package io.millrace.local.launcher;

import io.millrace.local.stack.Endpoints;
import java.util.ArrayList;
import java.util.List;

/** Where everything is, for people. */
public final class EndpointsTable {

    private EndpointsTable() {}

    /** Lines to print: what there is to look at, and how to get in. */
    public static List<String> lines(Endpoints endpoints) {
        List<String> lines = new ArrayList<>();
        endpoints
                .components()
                .forEach((name, component) -> lines.add("  %-18s %s".formatted(name, component.address())));
        lines.add("  %-18s %s".formatted("metrics", endpoints.metrics()));
        lines.add("");
        endpoints.sources().forEach((name, source) -> {
            if (source.database() != null) {
                lines.add("  %-18s %s  user %s  password %s"
                        .formatted(
                                "source " + name,
                                source.database().jdbcUrl(),
                                source.database().user(),
                                source.database().password()));
            }
        });
        lines.add("  %-18s %s  user %s  password %s"
                .formatted(
                        "Iceberg catalog",
                        endpoints.catalog().jdbcUrl(),
                        endpoints.catalog().user(),
                        endpoints.catalog().password()));
        lines.add("  %-18s access key %s  secret key %s  region %s"
                .formatted(
                        "S3 and Kinesis",
                        endpoints.credentials().accessKey(),
                        endpoints.credentials().secretKey(),
                        endpoints.credentials().region()));
        lines.add("");
        endpoints
                .tables()
                .forEach(table -> lines.add("  %-34s → %s%s"
                        .formatted(
                                table.table(),
                                table.iceberg() == null ? "" : "Iceberg " + table.iceberg() + "  ",
                                table.index() == null ? "" : "index " + table.index())));
        return lines;
    }
}
