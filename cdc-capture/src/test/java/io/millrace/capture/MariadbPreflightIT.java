package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.capture.status.CaptureMeter;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.pipeline.Bound;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.TableRoute;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalServers.Extension.class)
class MariadbPreflightIT {
    private static final Connections.Kinesis KINESIS = new Connections.Kinesis("us-east-1", null);
    private static final TableRoute ITEM = SourceServer.table("m_shop", "m_shop", "item", "id");

    @Test
    void wrongPasswordIsOneLineWithoutIt(LocalServers servers) throws Exception {
        assertThat(problems(servers.maria().config("m_shop", "nobody", "secret", KINESIS, ITEM)))
                .singleElement()
                .asString()
                .startsWith("Cannot log in to database m_shop as user: nobody.")
                .doesNotContain("secret");
    }

    @Test
    void databaseThatIsNotThere(LocalServers servers) throws Exception {
        assertThat(problems(servers.maria().config("nowhere", KINESIS, ITEM)))
                .singleElement()
                .asString()
                .startsWith("Cannot find database: nowhere on 127.0.0.1:");
    }

    @Test
    void whatIsWrongWithUserAndTablesIsToldAtOnce(LocalServers servers) throws Exception {
        servers.maria().create("m_shop");
        servers.maria()
                .run(
                        "m_shop",
                        "CREATE USER clerk IDENTIFIED BY 'clerk'",
                        "GRANT SELECT ON m_shop.* TO clerk",
                        "CREATE TABLE item (id int PRIMARY KEY, code varchar(9) NOT NULL, note varchar(9) UNIQUE)",
                        "CREATE TABLE keyless (id int)",
                        "CREATE TABLE address (id int PRIMARY KEY, ip inet6)",
                        "CREATE TABLE versioned (id int PRIMARY KEY) WITH SYSTEM VERSIONING",
                        "CREATE VIEW shown AS SELECT * FROM item");

        List<String> problems = problems(servers.maria()
                .config(
                        "m_shop",
                        "clerk",
                        "clerk",
                        KINESIS,
                        SourceServer.table("m_shop", "m_shop", "item", "code"),
                        SourceServer.table("m_shop", "m_shop", "keyless", "id"),
                        SourceServer.table("m_shop", "m_shop", "address", "id"),
                        SourceServer.table("m_shop", "m_shop", "versioned", "id"),
                        SourceServer.table("m_shop", "m_shop", "shown", "id"),
                        SourceServer.table("m_shop", "m_shop", "ITEM", "id"),
                        SourceServer.table("m_shop", "m_shop", "absent", "id")));

        assertThat(problems)
                .allMatch(problem -> problem.startsWith("Cannot "))
                .anyMatch(problem -> problem.startsWith("Cannot read the binary log as user: clerk@%. Run GRANT"
                        + " REPLICATION SLAVE ON *.* TO 'clerk'@'%'"))
                .anyMatch(problem -> problem.startsWith("Cannot ask where the binary log ends as user: clerk@%."))
                .anyMatch(problem -> problem.startsWith("Cannot take a snapshot as user: clerk@%."))
                .anyMatch(problem -> problem.startsWith("Cannot use key of table m_shop.item: code."))
                .anyMatch(problem -> problem.startsWith("Cannot capture table without a primary key: m_shop.keyless."))
                .anyMatch(problem -> problem.startsWith("Cannot capture table: m_shop.address. Its column ip"))
                .anyMatch(
                        problem -> problem.startsWith("Cannot capture table: m_shop.versioned. It is system-versioned"))
                .anyMatch(problem -> problem.startsWith("Cannot capture table: m_shop.shown. It is a view"))
                .anyMatch(problem -> problem.startsWith("Cannot find table: m_shop.ITEM."))
                .anyMatch(problem -> problem.startsWith("Cannot find table: m_shop.absent."))
                .hasSize(10);
    }

    @Test
    void rulesAndMasksThatDoNotFitTheColumns(LocalServers servers) throws Exception {
        servers.maria().create("m_ruled");
        servers.maria()
                .run(
                        "m_ruled",
                        "CREATE TABLE item (id int PRIMARY KEY, name varchar(9), price decimal(10, 2) unsigned, made date,"
                                + " at timestamp(3), lasts time)");
        Rule.Action action = Rule.Action.DEAD_LETTER;
        Bound number = Objects.requireNonNull(Bound.parse("1"));
        Bound day = Objects.requireNonNull(Bound.parse("2024-02-29"));
        Quality quality = new Quality(
                Map.of("Name", Mask.HASH),
                List.of(
                        new Rule.Range("price", number, null, action),
                        new Rule.Range("made", day, null, action),
                        new Rule.Range("at", null, day, action),
                        new Rule.Range("name", number, null, action),
                        new Rule.Range("lasts", day, null, action),
                        new Rule.Required("nmae", action)),
                "tables[3]");

        List<String> problems = problems(
                servers.maria().config("m_ruled", KINESIS, SourceServer.table("m_ruled", "m_ruled", "item", quality)));

        assertThat(problems)
                .containsExactly(
                        "Cannot mask column of tables[3].masks.Name: table m_ruled.item has no column Name. It has id, name,"
                                + " price, made, at, lasts; names are case-sensitive",
                        "Cannot check rule tables[3].rules[3] (range): column name of table m_ruled.item has other values; it"
                                + " needs numbers, as its bounds are",
                        "Cannot check rule tables[3].rules[4] (range): column lasts of table m_ruled.item has other values; it"
                                + " needs dates or timestamps, as its bounds are",
                        "Cannot check rule tables[3].rules[5] (required): table m_ruled.item has no column nmae. It has id,"
                                + " name, price, made, at, lasts; names are case-sensitive");
    }

    @Test
    void serverThatWritesNoFitLogIsToldOfItsSettings(LocalServers servers) throws Exception {
        try (MariaServer own = MariaServer.start(
                servers.directory().resolve("m_unfit"),
                "--binlog-format=MIXED",
                "--binlog-row-image=MINIMAL",
                "--log-bin-compress=ON",
                "--binlog-ignore-db=m_shop")) {
            own.create("m_shop");
            own.run("m_shop", "CREATE TABLE item (id int PRIMARY KEY)");
            assertThat(problems(own.config("m_shop", KINESIS, ITEM)))
                    .anyMatch(problem -> problem.startsWith("Cannot read changes: binlog_format is MIXED."))
                    .anyMatch(problem -> problem.startsWith("Cannot read changes: binlog_row_image is MINIMAL."))
                    .anyMatch(problem -> problem.startsWith("Cannot read changes: log_bin_compress is ON"))
                    .anyMatch(problem -> problem.startsWith("Cannot read changes of database: m_shop."))
                    .hasSize(4);
            own.killAndRestart("--skip-log-bin");
            assertThat(problems(own.config("m_shop", KINESIS, ITEM)))
                    .singleElement()
                    .asString()
                    .startsWith("Cannot read changes: the server writes no binary log.");
        }
    }

    private static List<String> problems(CaptureConfig config) {
        Capture capture = new Capture(config, new CaptureMeter(Clock.systemUTC()));
        ConfigurationException problem = catchThrowableOfType(ConfigurationException.class, capture::check);
        assertThat(problem).isNotNull();
        return problem.problems();
    }
}
