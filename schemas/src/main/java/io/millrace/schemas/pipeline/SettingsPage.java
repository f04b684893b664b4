package io.millrace.schemas.pipeline;

import io.millrace.schemas.pipeline.SettingType.Group;
import io.millrace.schemas.pipeline.SettingType.Groups;
import io.millrace.schemas.pipeline.SettingType.Properties;
import io.millrace.schemas.pipeline.SettingType.Scalar;
import io.millrace.schemas.pipeline.SettingType.Values;

/** Writes the documentation of the files from the tables of their settings. */
final class SettingsPage {
    private static final String MART_TOP = """
            # The mart file

            <!-- Generated from io.millrace.schemas.pipeline.MartSettings. To change it, change that, then run:
                 mvn -q -B -pl schemas test -Dtest=SettingsPageTest -Dmillrace.regenerate=true -->

            A mart file says which tables are computed from others, a day at a time, and how. `pipelines/logistics-marts.yaml` is
            an example; `./millrace daily` and `./millrace backfill` run it. It is read as [the pipeline file](pipeline-file.md)
            is.

            ```yaml
            marts:
              - table: marts.daily_orders
                key: [region]
                inputs: { orders: shop.orders, regions: shop.regions }
                steps:
                  - view: orders_of_regions
                    join: { left: orders, right: regions, on: [region_id] }
                  - view: totals
                    sql: >
                      SELECT region, count(*) AS orders FROM orders_of_regions
                      WHERE ordered_at >= :day_start AND ordered_at < :day_end GROUP BY region
                checks:
                  - name: every order has a region
                    violations: SELECT 1 FROM orders LEFT ANTI JOIN regions USING (region_id)
            ```

            A run reads each input as it was at the end of the day, by the snapshot that holds it: the last one committed before
            the next day had begun and `--settle` had passed. The first run of a day pins these snapshots with tags, so that a rerun
            reads the same rows. The day's rows are written to a branch, checked there, and only then become what readers see; a
            failed check leaves the published table as it was. Every mart is also checked for keys that are NULL or come twice.

            ## All settings
            """;

    private static final String LANDING_TOP = """
            # The landing file

            <!-- Generated from io.millrace.schemas.pipeline.LandingSettings. To change it, change that, then run:
                 mvn -q -B -pl schemas test -Dtest=SettingsPageTest -Dmillrace.regenerate=true -->

            A landing file says which folders of CSV files are loaded into which Iceberg tables. The names of DMS's endpoint
            settings stand beside ours, and the defaults are those of DMS. `pipelines/logistics-landing.yaml` is an example;
            `./millrace load` runs it, see [batch-compaction](../batch-compaction/README.md#loading-landing-folders). It is read
            as [the pipeline file](pipeline-file.md) is.

            ```yaml
            landing:
              - name: orders
                location: s3://shop-landing/dms/public/orders
                source-table: public.orders
                table: raw.orders
                mode: merge
                key: [order_id]
                partition-by: ["day(ordered_at)"]
                format: { header: true, timestamp-column: committed_at }
                columns:
                  order_id: int64
                  ordered_at: timestamp
                  amount: decimal(9,2)
                  note: string
            ```

            ## All settings
            """;

    private static final String PIPELINE_TOP = """
            # The pipeline file

            <!-- Generated from io.millrace.schemas.pipeline.Settings. To change it, change that, then run:
                 mvn -q -B -pl schemas test -Dtest=SettingsPageTest -Dmillrace.regenerate=true -->

            A pipeline file says what flows: from which sources, which tables, how rows are keyed, and where they go. Where the
            servers are stands in its section `connections`, or in a file of its own that holds nothing but that section and is
            passed with `--connections FILE`; it then replaces the pipeline file's section. So one pipeline file serves a laptop
            and AWS.

            ```yaml
            pipeline: logistics
            sources:
              - name: logistics
                format: debezium-avro
                stream: millrace-logistics
                database:
                  type: postgresql
                  name: logistics
                  user: millrace
                  password: ${MILLRACE_SOURCE_PASSWORD}
            tables:
              - source: logistics
                table: public.shipments
                key: [shipment_id]
                iceberg: { table: logistics.shipments, partition-by: ["day(created_at)"] }
                opensearch: { index: shipments }
            ```

            ## How it is read

            - It is checked before anything starts, and everything that is wrong is reported at once, each problem with its key,
              its line and what would be right.
            - `${NAME}` anywhere in a value is taken from the environment; it is an error if there is no such variable.
              `${NAME:-default}` gives the default if there is none, or if it is empty. `$${` stands for `${`. Inside `{ }` and
              `[ ]` YAML wants the value in quotes: `{ region: "${AWS_REGION}" }`.
            - Values are taken as they are written: `no`, `1e3` and `0123` are texts where a text is expected, and so need no
              quotes. Durations are a whole number and a unit: `500ms`, `10s`, `5m`, `2h`, `7d`.
            - Keys are in lower case with hyphens; unknown ones and ones that occur twice are errors. So are anchors, aliases,
              merge keys, tags and a second YAML document.
            - Passwords and catalog properties are never shown in messages or logs. They are best kept out of the file:
              `password: ${NAME}`.

            ## All settings
            """;

    private final StringBuilder page = new StringBuilder();

    private SettingsPage() {}

    /** {@code docs/pipeline-file.md}. */
    static String ofPipelineFile() {
        return of(PIPELINE_TOP, Settings.PIPELINE);
    }

    /** {@code docs/mart-file.md}. */
    static String ofMartFile() {
        return of(MART_TOP, MartSettings.FILE);
    }

    /** {@code docs/landing-file.md}. */
    static String ofLandingFile() {
        return of(LANDING_TOP, LandingSettings.FILE);
    }

    private static String of(String top, Group group) {
        SettingsPage page = new SettingsPage();
        page.page.append(top);
        page.section("", "The file", group);
        return page.page.toString();
    }

    private void section(String path, String title, Group group) {
        page.append("\n### ").append(title).append("\n\n");
        page.append("| key | type | default | what it is for |\n|---|---|---|---|\n");
        group.settings().forEach(setting -> row(path, setting));
        for (Setting setting : group.settings()) {
            String inner = path + setting.name();
            if (setting.type() instanceof Group section) {
                section(inner + ".", "`" + inner + "`", section);
            } else if (setting.type() instanceof Groups sections) {
                section(inner + "[].", "`" + inner + "[]`", sections.element());
            }
        }
    }

    private void row(String path, Setting setting) {
        page.append("| `").append(path).append(setting.name()).append("` | ");
        page.append(typeOf(setting.type())).append(" | ");
        page.append(
                setting.required()
                        ? "required"
                        : setting.defaultText() == null ? "–" : "`" + setting.defaultText() + "`");
        page.append(" | ")
                .append(setting.sentence())
                .append(rule(setting.type()))
                .append(" |\n");
    }

    private static String typeOf(SettingType type) {
        if (type instanceof Scalar scalar) {
            return scalar.title();
        }
        if (type instanceof Values values) {
            String title = values.element().title();
            return (values.word().isEmpty() ? "" : "`" + values.word() + "` or ") + "list of " + title
                    + (title.endsWith("s") ? "es" : "s");
        }
        return type instanceof Properties properties
                ? properties.title()
                : type instanceof Groups ? "list of sections" : "section";
    }

    /** What a right value looks like, where the type's name does not say it. */
    private static String rule(SettingType type) {
        Scalar scalar = type instanceof Scalar single
                ? single
                : type instanceof Values list
                        ? list.element()
                        : type instanceof Properties properties ? properties.element() : null;
        if (scalar == null
                || scalar.right().equals("a text")
                || scalar.right().endsWith(scalar.title())
                || scalar.title().contains(", ")) {
            return "";
        }
        return " Give " + scalar.right() + ".";
    }
}
