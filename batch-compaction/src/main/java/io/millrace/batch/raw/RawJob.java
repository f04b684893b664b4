package io.millrace.batch.raw;

import io.millrace.batch.Located;
import io.millrace.batch.SparkMain;
import io.millrace.batch.WrongUsage;
import io.millrace.batch.raw.read.Progress;
import io.millrace.batch.raw.write.ZoneWriter;
import io.millrace.batch.report.Quantities;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.LandingFile;
import io.millrace.schemas.pipeline.LandingZone;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.PipelineFile;
import io.millrace.schemas.pipeline.PipelineProblems;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.hadoop.SerializableConfiguration;
import org.apache.iceberg.io.ResolvingFileIO;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * Loads landing folders of CSV files into Iceberg tables: {@code spark-submit --class io.millrace.batch.raw.RawJob
 * millrace-batch-compaction-job.jar --pipeline FILE [--connections FILE] --landing FILE [--approve] [--dry-run] [--json]}.
 *
 * <p>Exit codes: 0 everything is loaded; 3 everything that could be, but somebody has to look at the rest: columns to be approved, or
 * files that have changed or cannot be read; 1 a zone has failed; 2 wrong usage or configuration. Standard output has the result, and
 * nothing else; progress goes to standard error.
 */
public final class RawJob {
    private static final Logger LOG = LoggerFactory.getLogger(RawJob.class);

    private final RawOptions options;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Clock clock;
    private final Consumer<ZoneWriter.Step> before;

    private RawJob(
            RawOptions options, PrintWriter out, PrintWriter err, Clock clock, Consumer<ZoneWriter.Step> before) {
        this.options = options;
        this.out = out;
        this.err = err;
        this.clock = clock;
        this.before = before;
    }

    public static void main(String[] args) throws InterruptedException {
        SparkMain.run(
                "millrace load", (out, err, session) -> run(args, out, err, session, Clock.systemUTC(), step -> {}));
    }

    /** Runs the job; the session is asked for once the arguments and files are known to be right. */
    static int run(
            String[] args,
            PrintWriter out,
            PrintWriter err,
            Supplier<SparkSession> session,
            Clock clock,
            Consumer<ZoneWriter.Step> before) {
        RawOptions options = new RawOptions();
        CommandLine line = new CommandLine(options).registerConverter(long.class, Quantities::bytes);
        try {
            line.parseArgs(args);
            if (line.isUsageHelpRequested()) {
                line.usage(out);
                return 0;
            }
            if (options.targetFileSize <= 0 || options.filesPerLoad <= 0) {
                throw new WrongUsage("Cannot load with --target-file-size or --files-per-load of 0: give at least 1.");
            }
            Pipeline pipeline = PipelineFile.read(
                    Located.fetch(options.pipeline),
                    options.connections == null ? null : Located.fetch(options.connections));
            List<LandingZone> zones = asked(options, LandingFile.read(Located.fetch(options.landing)), pipeline);
            return new RawJob(options, out, err, clock, before).run(pipeline, zones, session.get());
        } catch (CommandLine.ParameterException e) {
            err.println("Cannot read the command line: " + e.getMessage());
            return 2;
        } catch (PipelineProblems | WrongUsage e) {
            err.println(e.getMessage());
            return 2;
        } catch (IOException | RuntimeException e) {
            explain(e, err);
            return 1;
        }
    }

    private static String explain(Exception e, PrintWriter err) {
        LOG.error("Cannot load", e);
        String message = String.valueOf(e.getMessage());
        String why = message.startsWith("Cannot") ? message : "Cannot load: " + message;
        err.println(why);
        return why;
    }

    private static List<LandingZone> asked(RawOptions options, List<LandingZone> all, Pipeline pipeline) {
        List<String> known = all.stream().map(LandingZone::name).toList();
        for (String name : options.zones) {
            if (!known.contains(name)) {
                throw new WrongUsage("Cannot find zone " + name + " in " + options.landing + ". There are "
                        + String.join(", ", known) + ".");
            }
        }
        for (LandingZone zone : all) {
            if (pipeline.sources().stream().anyMatch(source -> source.name().equals(zone.name()))) {
                throw new WrongUsage("Cannot name a zone " + zone.name()
                        + ": the pipeline has a source of this name, and their dead letters would be mixed up. Give it"
                        + " another name.");
            }
        }
        return options.zones.isEmpty()
                ? all
                : all.stream()
                        .filter(zone -> options.zones.contains(zone.name()))
                        .toList();
    }

    private int run(Pipeline pipeline, List<LandingZone> zones, SparkSession session) throws IOException {
        SparkSession spark = session.newSession();
        spark.conf().set("spark.sql.session.timeZone", "UTC");
        Connections.Iceberg iceberg = pipeline.connections().iceberg();
        Catalog catalog = CatalogUtil.buildIcebergCatalog(
                iceberg.catalog(), iceberg.properties(), spark.sparkContext().hadoopConfiguration());
        RawReport report = new RawReport(options, out);
        StringBuilder proposal = new StringBuilder();
        int exitCode = 0;
        try (ResolvingFileIO io = new ResolvingFileIO()) {
            io.setConf(spark.sparkContext().hadoopConfiguration());
            io.serializeConfWith(conf -> new SerializableConfiguration(conf)::get);
            io.initialize(iceberg.properties());
            for (LandingZone zone : zones) {
                int ended = load(spark, catalog, io, pipeline, zone, report, proposal);
                exitCode = exitCode == 1 || ended == 0 ? exitCode : ended;
            }
        } finally {
            report.close();
            if (catalog instanceof Closeable closeable) {
                closeable.close();
            }
        }
        if (options.proposal != null) {
            Files.writeString(Path.of(options.proposal), proposal);
        }
        return exitCode;
    }

    /** A zone that fails does not keep the others from being loaded. */
    private int load(
            SparkSession spark,
            Catalog catalog,
            ResolvingFileIO io,
            Pipeline pipeline,
            LandingZone zone,
            RawReport report,
            StringBuilder proposal) {
        try {
            ZoneResult result = new ZoneLoad(
                            spark,
                            catalog,
                            io,
                            pipeline,
                            zone,
                            options,
                            clock.instant(),
                            new Progress(zone.name(), err),
                            before)
                    .run();
            report.done(result);
            if (!result.proposals.isEmpty()) {
                proposal.append("# ").append(zone.name()).append('\n').append(RawReport.schema(result));
            }
            return result.needsAttention() ? 3 : 0;
        } catch (RuntimeException e) {
            report.failed(zone.name(), explain(e, err));
            return 1;
        }
    }
}
