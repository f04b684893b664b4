package io.millrace.batch.raw;

import io.millrace.batch.raw.infer.ColumnChange;
import io.millrace.batch.raw.infer.ColumnPlan;
import io.millrace.batch.raw.infer.TableColumn;
import io.millrace.batch.raw.land.ChangeVersion;
import io.millrace.batch.raw.land.LandedFile;
import io.millrace.batch.raw.land.Selection;
import io.millrace.batch.raw.land.Selection.Loaded;
import io.millrace.batch.raw.read.FileSurvey;
import io.millrace.batch.raw.read.LandingFolder;
import io.millrace.batch.raw.read.Progress;
import io.millrace.batch.raw.read.TargetColumns;
import io.millrace.batch.raw.write.LoadFailure;
import io.millrace.batch.raw.write.LoadLedger;
import io.millrace.batch.raw.write.TargetTable;
import io.millrace.batch.raw.write.ZoneWriter;
import io.millrace.schemas.pipeline.LandingZone;
import io.millrace.schemas.pipeline.Pipeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.ResolvingFileIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * The way of a landing zone's files: list, leave out what is loaded, look at the rest, decide about columns, read, write,
 * commit; and again until no file is left that can be loaded.
 */
final class ZoneLoad {
    private static final int ATTEMPTS = 10;

    private final SparkSession spark;
    private final Catalog catalog;
    private final Pipeline pipeline;
    private final LandingZone zone;
    private final RawOptions options;
    private final Instant now;
    private final Progress progress;
    private final LandingFolder folder;
    private final TargetTable target;
    private final TableIdentifier name;
    private final ZoneWriter writer;
    private final ZoneResult result;
    private final Set<String> setAside = new HashSet<>();

    ZoneLoad(
            SparkSession spark,
            Catalog catalog,
            ResolvingFileIO io,
            Pipeline pipeline,
            LandingZone zone,
            RawOptions options,
            Instant now,
            Progress progress,
            Consumer<ZoneWriter.Step> before) {
        this.spark = spark;
        this.catalog = catalog;
        this.pipeline = pipeline;
        this.zone = zone;
        this.options = options;
        this.now = now;
        this.progress = progress;
        this.folder = new LandingFolder(spark, io, zone);
        this.target = new TargetTable(catalog, zone);
        this.name = TableIdentifier.parse(zone.table());
        this.writer = new ZoneWriter(spark, catalog, zone, pipeline.name(), options.targetFileSize, before);
        this.result = new ZoneResult(zone);
    }

    ZoneResult run() {
        long begin = System.nanoTime();
        List<LandedFile> files = folder.list();
        result.listed = files.size();
        boolean more = true;
        int lost = 0;
        boolean first = true;
        while (more) {
            try {
                more = loadSome(files, first);
                first = false;
            } catch (ZoneWriter.Superseded | CommitFailedException e) {
                lost++;
                if (lost == ATTEMPTS) {
                    throw new LoadFailure(
                            "Cannot load " + zone.name() + ": " + lost + " attempts lost against other writers of "
                                    + name + ". Run the load again.",
                            e);
                }
            }
        }
        result.seconds = (System.nanoTime() - begin) / 1e9;
        return result;
    }

    /** Loads as many files as go into one commit; whether there may be more. */
    private boolean loadSome(List<LandedFile> files, boolean first) throws ZoneWriter.Superseded {
        Table table = target.find();
        LoadLedger ledger = LoadLedger.read(catalog, name, table);
        if (!options.dryRun) {
            ledger.confirmLast(catalog, name);
        }
        Selection selection = Selection.of(files, ledger.loaded(), zone.minAge(), now);
        if (first) {
            result.known = selection.known().size() + selection.suspect().size();
            result.young = selection.young().size();
            compare(selection.suspect(), ledger.loaded());
        }
        List<LandedFile> fresh = selection.fresh().stream()
                .filter(file -> !setAside.contains(file.path()))
                .toList();
        List<LandedFile> some = fresh.subList(0, Math.min(options.filesPerLoad, fresh.size()));
        if (some.isEmpty()) {
            return false;
        }
        LandingFolder.Surveyed surveyed = folder.survey(some, progress);
        ColumnPlan plan = ColumnPlan.of(
                zone,
                target.columns(table),
                readable(surveyed.files(), ledger.loaded()),
                surveyed.evidence(),
                options.approve);
        List<FileSurvey> loadable = sortOut(surveyed.files(), plan);
        if (!loadable.isEmpty()) {
            result.changes.addAll(plan.changes());
            if (options.dryRun) {
                loadable.forEach(survey -> setAside.add(survey.file().path()));
                result.loaded += loadable.size();
            } else {
                load(target.change(table, plan.changes()), ledger, plan, loadable);
            }
        }
        return fresh.size() > some.size();
    }

    /** Reports files that have other contents than when they were loaded. */
    private void compare(List<LandedFile> suspects, Map<String, Loaded> loaded) {
        Map<String, String> hashes = folder.hashes(suspects);
        for (LandedFile file : suspects) {
            Loaded before = loaded.get(file.path());
            if (before == null || !before.sha256().equals(hashes.get(file.path()))) {
                result.changed.add(file.path());
            }
        }
    }

    private List<ColumnPlan.Readable> readable(List<FileSurvey> surveys, Map<String, Loaded> loaded) {
        Map<String, Integer> widestBefore = zone.format().header() ? Map.of() : widestBefore(surveys, loaded);
        List<ColumnPlan.Readable> readable = new ArrayList<>();
        for (FileSurvey survey : surveys) {
            if (survey.isReadable() && survey.layout() != null) {
                String path = survey.file().path();
                readable.add(new ColumnPlan.Readable(path, survey.layout(), widestBefore.getOrDefault(path, 0)));
            }
        }
        return readable;
    }

    /** The most columns of any file that DMS wrote before each file. */
    private static Map<String, Integer> widestBefore(List<FileSurvey> surveys, Map<String, Loaded> loaded) {
        record Width(LandedFile file, int fields) {}
        List<Width> widths = new ArrayList<>();
        surveys.forEach(survey -> widths.add(new Width(survey.file(), survey.fields())));
        loaded.forEach((path, before) -> widths.add(new Width(new LandedFile(path, path, 0, 0), before.fields())));
        widths.sort(Comparator.comparing(Width::file, ChangeVersion::compare));
        Map<String, Integer> widest = new HashMap<>();
        int most = 0;
        for (Width width : widths) {
            widest.put(width.file().path(), most);
            most = Math.max(most, width.fields());
        }
        return widest;
    }

    /** The files that can be loaded; the others are reported, and not looked at again in this run. */
    private List<FileSurvey> sortOut(List<FileSurvey> surveys, ColumnPlan plan) {
        result.proposals.addAll(plan.proposals());
        result.columns = accepted(plan);
        List<FileSurvey> loadable = new ArrayList<>();
        for (FileSurvey survey : surveys) {
            String path = survey.file().path();
            String waits = plan.waiting().get(path);
            if (!survey.isReadable()) {
                result.unreadable.put(path, survey.problem());
                setAside.add(path);
            } else if (waits != null) {
                result.waiting.put(path, waits);
                setAside.add(path);
            } else if (plan.columns().isEmpty()) {
                result.waiting.put(path, "there is no table, and nobody has said its columns");
                setAside.add(path);
            } else {
                loadable.add(survey);
            }
        }
        return loadable;
    }

    private static List<TableColumn> accepted(ColumnPlan plan) {
        List<TableColumn> columns = new ArrayList<>(plan.columns());
        for (ColumnChange change : plan.proposals()) {
            if (change instanceof ColumnChange.Create create) {
                columns = new ArrayList<>(create.columns());
            } else if (change instanceof ColumnChange.Add add) {
                columns.add(add.column());
            } else if (change instanceof ColumnChange.Widen widen) {
                columns.replaceAll(column -> column.id().equals(widen.column().id()) ? widen.column() : column);
            }
        }
        return columns;
    }

    private void load(Table table, LoadLedger ledger, ColumnPlan plan, List<FileSurvey> surveys)
            throws ZoneWriter.Superseded {
        List<TableColumn> columns = columns(table);
        LongAccumulator done = spark.sparkContext().longAccumulator();
        Dataset<Row> rows = folder.read(
                        surveys,
                        TargetColumns.of(zone, columns, plan.order()),
                        TargetTable.sparkColumns(table, columns),
                        pipeline.masking(),
                        done)
                .persist(StorageLevel.DISK_ONLY());
        try (Progress.Watch watch = progress.watch("read", surveys.size(), done::sum)) {
            result.counts = result.counts.plus(writer.load(table, ledger, columns, rows, surveys));
            result.loaded += surveys.size();
            result.loads++;
        } finally {
            rows.unpersist();
        }
    }

    private List<TableColumn> columns(@Nullable Table table) {
        List<TableColumn> columns = target.columns(table);
        return columns == null ? List.of() : columns;
    }
}
