package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.capture.status.CaptureMeter;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.pipeline.Bound;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Rule;
import io.millrace.schemas.pipeline.TableRoute;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalServers.Extension.class)
class PreflightIT {
    private static final Connections.Kinesis KINESIS = new Connections.Kinesis("us-east-1", null);
    private static final TableRoute ITEM = SourceServer.table("shop", "public", "item", "id");

    @Test
    void serverThatIsNotThere() throws Exception {
        int port = LocalKinesis.freePort();
        assertThat(problems(SourceServer.config(port, "shop", "app", "secret", KINESIS, ITEM)))
                .singleElement()
                .asString()
                .startsWith("Cannot reach database server: 127.0.0.1:" + port + ".");
    }

    @Test
    void databaseThatIsNotThere(LocalServers servers) {
        assertThat(problems(servers.source().config("nowhere", KINESIS, ITEM)))
                .singleElement()
                .asString()
                .startsWith("Cannot find database: nowhere on 127.0.0.1:");
    }

    @Test
    void userWhoIsNotThere(LocalServers servers) {
        assertThat(problems(servers.source().config("postgres", "nobody", "secret", KINESIS, ITEM)))
                .singleElement()
                .asString()
                .startsWith("Cannot log in to database postgres as user: nobody.")
                .doesNotContain("secret");
    }

    @Test
    void everythingElseAtOnce(LocalServers servers) throws Exception {
        servers.source().run("postgres", "CREATE DATABASE shop", "CREATE ROLE clerk LOGIN PASSWORD 'clerk'");
        servers.source()
                .run(
                        "shop",
                        "CREATE TABLE item (id int PRIMARY KEY, code text NOT NULL)",
                        "CREATE TABLE keyless (id int)",
                        "CREATE VIEW shown AS SELECT * FROM item");
        List<String> problems = problems(servers.source()
                .config(
                        "shop",
                        "clerk",
                        "clerk",
                        KINESIS,
                        SourceServer.table("shop", "public", "item", "code"),
                        SourceServer.table("shop", "public", "keyless", "id"),
                        SourceServer.table("shop", "public", "shown", "id"),
                        SourceServer.table("shop", "public", "absent", "id")));
        assertThat(problems)
                .allMatch(problem -> problem.startsWith("Cannot "))
                .anyMatch(problem -> problem.startsWith("Cannot replicate as user: clerk."))
                .anyMatch(problem -> problem.startsWith("Cannot read table: public.item."))
                .anyMatch(problem -> problem.startsWith("Cannot use key of table public.item: code."))
                .anyMatch(problem -> problem.startsWith("Cannot capture table without a primary key: public.keyless."))
                .anyMatch(problem -> problem.startsWith("Cannot capture table: public.shown."))
                .anyMatch(problem -> problem.startsWith("Cannot find table: public.absent."))
                .anyMatch(problem -> problem.startsWith("Cannot create publication: user clerk"));
    }

    /** Of domains, arrays and numerics without limits too; each with its key in the pipeline file. */
    @Test
    void rulesAndMasksThatDoNotFitTheColumns(LocalServers servers) throws Exception {
        servers.source().run("postgres", "CREATE DATABASE ruled");
        servers.source()
                .run(
                        "ruled",
                        "CREATE DOMAIN amount AS numeric(10, 2)",
                        "CREATE DOMAIN price AS amount CHECK (VALUE > 0)",
                        "CREATE TABLE item (id int PRIMARY KEY, name text, price price, made date, at timestamptz,"
                                + " lasts time, tags text[], ratio numeric)");
        Rule.Action action = Rule.Action.DEAD_LETTER;
        Bound number = Objects.requireNonNull(Bound.parse("1"));
        Bound day = Objects.requireNonNull(Bound.parse("2024-02-29"));
        Quality quality = new Quality(
                Map.of("name", Mask.HASH, "Name", Mask.HASH),
                List.of(
                        new Rule.Range("price", number, null, action),
                        new Rule.Range("made", day, null, action),
                        new Rule.Range("at", null, day, action),
                        new Rule.Range("name", number, null, action),
                        new Rule.Range("lasts", day, null, action),
                        new Rule.Matches("tags", "x", action),
                        new Rule.Range("ratio", number, null, action),
                        new Rule.Matches("price", "x", action),
                        new Rule.Required("nmae", action),
                        new Rule.Volume(Duration.ofHours(1), 0.1, 10, 10, action)),
                "tables[3]");

        List<String> problems = problems(
                servers.source().config("ruled", KINESIS, SourceServer.table("ruled", "public", "item", quality)));

        assertThat(problems)
                .containsExactly(
                        "Cannot mask column of tables[3].masks.Name: table public.item has no column Name. It has id,"
                                + " name, price, made, at, lasts, tags, ratio; names are case-sensitive",
                        "Cannot check rule tables[3].rules[3] (range): column name of table public.item has other values;"
                                + " it needs numbers, as its bounds are",
                        "Cannot check rule tables[3].rules[4] (range): column lasts of table public.item has other values;"
                                + " it needs dates or timestamps, as its bounds are",
                        "Cannot check rule tables[3].rules[5] (pattern): column tags of table public.item has other"
                                + " values; it needs no array",
                        "Cannot check rule tables[3].rules[6] (range): column ratio of table public.item has other values;"
                                + " it needs numbers, as its bounds are",
                        "Cannot check rule tables[3].rules[8] (required): table public.item has no column nmae. It has id,"
                                + " name, price, made, at, lasts, tags, ratio; names are case-sensitive");
    }

    @Test
    void walLevelThatIsTooLow() throws Exception {
        try (SourceServer plain = SourceServer.start("replica")) {
            plain.run("postgres", "CREATE TABLE item (id int PRIMARY KEY)");
            assertThat(problems(
                            plain.config("postgres", KINESIS, SourceServer.table("postgres", "public", "item", "id"))))
                    .singleElement()
                    .asString()
                    .startsWith("Cannot read changes: wal_level is replica.");
        }
    }

    private static List<String> problems(CaptureConfig config) {
        Capture capture = new Capture(config, new CaptureMeter(Clock.systemUTC()));
        ConfigurationException[] caught = new ConfigurationException[1];
        assertThatThrownBy(capture::check)
                .isInstanceOfSatisfying(ConfigurationException.class, problem -> caught[0] = problem);
        return caught[0].problems();
    }
}
