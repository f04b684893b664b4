package io.millrace.batch.raw.read;

import io.millrace.batch.raw.csv.CsvReader;
import io.millrace.batch.raw.csv.CsvRecord;
import io.millrace.batch.raw.csv.FileLayout;
import io.millrace.batch.raw.land.ChangeVersion;
import io.millrace.batch.raw.land.LandedFile;
import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.KeyText;
import io.millrace.schemas.mask.KeySource;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.LandingZone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.io.FileIO;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/** The task that reads the lines of files as rows of {@link LoadedRows}, one after another. */
final class LoadTask implements FlatMapFunction<Iterator<List<FileSurvey>>, InternalRow> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<FileIO> io;
    private final LandingZone zone;
    private final TargetColumns target;
    private final KeySource masking;
    private final LongAccumulator done;

    LoadTask(Broadcast<FileIO> io, LandingZone zone, TargetColumns target, KeySource masking, LongAccumulator done) {
        this.io = io;
        this.zone = zone;
        this.target = target;
        this.masking = masking;
        this.done = done;
    }

    @Override
    public Iterator<InternalRow> call(Iterator<List<FileSurvey>> groups) {
        return new Rows(groups, new RecordSeal(masking.open().orElse(null)));
    }

    /** The rows of one file after another, of which one is open. */
    private final class Rows implements Iterator<InternalRow> {
        private final Iterator<List<FileSurvey>> groups;
        private final RecordSeal seal;
        private Iterator<FileSurvey> files = List.<FileSurvey>of().iterator();
        private @Nullable OpenFile open;
        private @Nullable InternalRow next;

        Rows(Iterator<List<FileSurvey>> groups, RecordSeal seal) {
            this.groups = groups;
            this.seal = seal;
        }

        @Override
        public boolean hasNext() {
            while (next == null) {
                if (open == null) {
                    while (!files.hasNext()) {
                        if (!groups.hasNext()) {
                            return false;
                        }
                        files = groups.next().iterator();
                    }
                    open = new OpenFile(files.next(), seal);
                }
                next = open.next();
                if (next == null) {
                    open = null;
                    done.add(1);
                }
            }
            return true;
        }

        @Override
        public InternalRow next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            InternalRow row = next;
            next = null;
            return row;
        }
    }

    private final class OpenFile {
        private final FileSurvey survey;
        private final LandedFile file;
        private final RecordSeal seal;
        private final FileBytes bytes;
        private final CsvReader reader;
        private final FileLayout layout;
        private final LineReader lines;
        private final ChangeVersion versions;

        OpenFile(FileSurvey survey, RecordSeal seal) {
            this.survey = survey;
            this.file = survey.file();
            this.seal = seal;
            this.layout = survey.layout() == null ? new FileLayout(0, -1, -1, List.of(), List.of()) : survey.layout();
            this.versions = ChangeVersion.of(file);
            Set<String> keys = new HashSet<>();
            zone.key().forEach(key -> keys.add(key.toLowerCase(Locale.ROOT)));
            this.lines = new LineReader(
                    zone.format(),
                    layout,
                    target.columns(),
                    target.types(),
                    target.order(),
                    keys,
                    zone.mode() == LandingZone.Mode.MERGE);
            try {
                bytes = FileBytes.open(io.value(), file);
                reader = new CsvReader(
                        bytes.text(), zone.format().delimiter(), zone.format().quote());
                if (zone.format().header()) {
                    reader.next();
                }
            } catch (IOException e) {
                throw cannotRead(e);
            }
        }

        /** The next row; null at the end. */
        @Nullable
        InternalRow next() {
            try {
                CsvRecord record = reader.next();
                while (record != null && SurveyTask.isSkipped(record, layout)) {
                    record = reader.next();
                }
                if (record != null) {
                    return row(record);
                }
                String hash = bytes.hash();
                bytes.close();
                if (!hash.equals(survey.sha256())) {
                    throw new IllegalStateException("Cannot load " + file.location()
                            + ": it has changed while it was read. Run the load again, with a longer min-age.");
                }
                return null;
            } catch (IOException e) {
                throw cannotRead(e);
            }
        }

        private UncheckedIOException cannotRead(IOException e) {
            return new UncheckedIOException(
                    "Cannot read " + file.location() + ": it could be read a moment ago. Run the load again.", e);
        }

        private InternalRow row(CsvRecord record) {
            int columns = target.columns().size();
            @Nullable Object[] row = new Object[columns + 10];
            row[columns + 2] = UTF8String.fromString(file.path());
            row[columns + 3] = record.line();
            LineReader.Outcome outcome = lines.read(record);
            if (outcome instanceof LineReader.Change change) {
                for (int i = 0; i < columns; i++) {
                    row[i] = internal(change.values()[i], target.types().get(i));
                }
                row[columns] = UTF8String.fromString(String.valueOf(change.operation()));
                row[columns + 1] = change.commitMicros();
                row[columns + 4] = UTF8String.fromString(versions.at(change.commitMicros(), record.line()));
            } else if (outcome instanceof LineReader.Refused refused) {
                RawRecord raw = new RawRecord(
                        zone.name(),
                        zone.location(),
                        file.path(),
                        Long.toString(record.line()),
                        null,
                        file.modifiedMillis(),
                        record.raw());
                row[columns + 5] = UTF8String.fromString(refused.code().name());
                row[columns + 6] = UTF8String.fromString(refused.reason());
                row[columns + 7] = seal.seal(raw).data();
                row[columns + 8] = UTF8String.fromString(raw.id());
                row[columns + 9] = file.modifiedMillis() * 1000;
            }
            return new GenericInternalRow(row);
        }
    }

    /** Values as Spark's rows hold them. */
    private static @Nullable Object internal(@Nullable Object value, DeclaredType type) {
        if (value instanceof String || value instanceof UUID) {
            return UTF8String.fromString(value.toString());
        }
        if (value instanceof BigDecimal decimal && type.type() instanceof ColumnType.Decimal exact) {
            return Decimal.apply(new scala.math.BigDecimal(decimal), exact.precision(), exact.scale());
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        if (value instanceof Long micros && type.type() == Primitive.TIME) {
            return UTF8String.fromString(KeyText.of(type.type(), micros));
        }
        return value;
    }
}
