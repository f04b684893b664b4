package io.millrace.batch.raw.read;

import io.millrace.batch.WrongUsage;
import io.millrace.batch.raw.infer.TypeEvidence;
import io.millrace.batch.raw.land.LandedFile;
import io.millrace.schemas.mask.KeySource;
import io.millrace.schemas.pipeline.LandingZone;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.ResolvingFileIO;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.util.LongAccumulator;

/**
 * The files of a landing zone. Many small files are read by few tasks, each file by one.
 *
 * <p>Files are read by Iceberg's file access, with the catalog's settings: S3 is reached as the tables' files are, everything
 * else through Hadoop.
 */
public final class LandingFolder {
    /** What opening a file costs, in bytes read meanwhile. */
    private static final long OPEN_BYTES = 256 << 10;

    private static final long TASK_BYTES = 64L << 20;

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final ResolvingFileIO io;
    private final Broadcast<FileIO> shared;
    private final LandingZone zone;

    public LandingFolder(SparkSession spark, ResolvingFileIO io, LandingZone zone) {
        this.spark = spark;
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.io = io;
        this.shared = context.broadcast(io);
        this.zone = zone;
    }

    /**
     * What was found out about files.
     *
     * @param files each of them
     * @param evidence what columns hold, by name in lower case or by place
     */
    public record Surveyed(List<FileSurvey> files, Map<String, TypeEvidence> evidence) {}

    /** All files that are named as data files are. */
    public List<LandedFile> list() {
        String folder = zone.location().endsWith("/")
                ? zone.location().substring(0, zone.location().length() - 1)
                : zone.location();
        // Listings may spell the scheme differently from how they were asked.
        String bare = folder.replaceFirst("^[^:/]+:(//)?", "") + "/";
        List<LandedFile> files = new ArrayList<>();
        try {
            for (FileInfo info : io.listPrefix(folder + "/")) {
                String path = info.location().substring(info.location().indexOf(bare) + bare.length());
                String name = path.substring(path.lastIndexOf('/') + 1);
                if (LandedFile.isNamedSo(path) && !name.startsWith(".") && !name.startsWith("_")) {
                    files.add(new LandedFile(path, info.location(), info.size(), info.createdAtMillis()));
                }
            }
        } catch (RuntimeException e) {
            if (e.getCause() instanceof FileNotFoundException) {
                throw new WrongUsage("Cannot find folder: " + zone.location() + ". Check location of landing zone "
                        + zone.name() + ".");
            }
            throw new IllegalStateException(
                    "Cannot list folder: " + zone.location() + ", " + e.getMessage()
                            + ". Check location of landing zone " + zone.name()
                            + ", and that this process may list it.",
                    e);
        }
        return files;
    }

    /** The hashes of files' bytes, by path; without those that cannot be read. */
    public Map<String, String> hashes(List<LandedFile> files) {
        Map<String, String> hashes = new HashMap<>();
        if (!files.isEmpty()) {
            Broadcast<FileIO> access = shared;
            inGroups(files, LandedFile::bytes)
                    .mapPartitions(groups -> hashes(access.value(), groups).iterator())
                    .collect()
                    .forEach(hash -> hashes.put(hash.path(), hash.sha256()));
        }
        return hashes;
    }

    private record Hash(String path, String sha256) implements Serializable {}

    private static List<Hash> hashes(FileIO io, Iterator<List<LandedFile>> groups) {
        List<Hash> hashes = new ArrayList<>();
        groups.forEachRemaining(files -> {
            for (LandedFile file : files) {
                try {
                    hashes.add(new Hash(file.path(), FileBytes.hash(io, file)));
                } catch (IOException | NotFoundException e) {
                    // It has gone, or changes at this moment: it is not what was loaded.
                }
            }
        });
        return hashes;
    }

    /** Looks at files. */
    public Surveyed survey(List<LandedFile> files, Progress progress) {
        List<FileSurvey> surveys = new ArrayList<>();
        Map<String, TypeEvidence> evidence = new HashMap<>();
        LongAccumulator done = spark.sparkContext().longAccumulator();
        try (Progress.Watch watch = progress.watch("looked at", files.size(), done::sum)) {
            for (FileSurvey.Found found : inGroups(files, LandedFile::bytes)
                    .mapPartitions(new SurveyTask(shared, zone.format(), done))
                    .collect()) {
                surveys.addAll(found.files());
                found.evidence()
                        .forEach((column, one) -> evidence.computeIfAbsent(column, any -> new TypeEvidence())
                                .add(one));
            }
        }
        return new Surveyed(surveys, evidence);
    }

    /**
     * The lines of files as rows: the table's columns, then those of {@link LoadedRows}.
     *
     * @param columns the columns in Spark's terms, in the order of the target's
     * @param done counts files
     */
    public Dataset<Row> read(
            List<FileSurvey> files,
            TargetColumns target,
            List<StructField> columns,
            KeySource masking,
            LongAccumulator done) {
        JavaRDD<InternalRow> rows = inGroups(files, survey -> survey.file().bytes())
                .mapPartitions(new LoadTask(shared, zone, target, masking, done));
        return spark.internalCreateDataFrame(rows.rdd(), LoadedRows.schema(columns), false);
    }

    private <T> JavaRDD<List<T>> inGroups(List<T> files, ToLongFunction<T> bytes) {
        long total = files.stream()
                .mapToLong(file -> bytes.applyAsLong(file) + OPEN_BYTES)
                .sum();
        int most = Math.max(1, files.size());
        int tasks = (int) Math.min(most, Math.max(4L * context.defaultParallelism(), total / TASK_BYTES));
        List<List<T>> groups = new ArrayList<>();
        List<T> group = new ArrayList<>();
        long filled = 0;
        for (T file : files) {
            group.add(file);
            filled += bytes.applyAsLong(file) + OPEN_BYTES;
            if (filled >= total * (groups.size() + 1) / tasks) {
                groups.add(group);
                group = new ArrayList<>();
            }
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return context.parallelize(groups, Math.max(1, groups.size()));
    }
}
