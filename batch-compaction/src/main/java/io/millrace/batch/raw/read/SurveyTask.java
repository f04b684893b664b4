package io.millrace.batch.raw.read;

import io.millrace.batch.raw.csv.CsvReader;
import io.millrace.batch.raw.csv.CsvRecord;
import io.millrace.batch.raw.csv.FileLayout;
import io.millrace.batch.raw.infer.ColumnPlan;
import io.millrace.batch.raw.infer.TypeEvidence;
import io.millrace.batch.raw.land.LandedFile;
import io.millrace.schemas.pipeline.LandingZone.Format;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/** The task that looks at files: can they be read, which columns do they have, and what do these hold. */
final class SurveyTask implements FlatMapFunction<Iterator<List<LandedFile>>, FileSurvey.Found> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<FileIO> io;
    private final Format format;
    private final LongAccumulator done;

    SurveyTask(Broadcast<FileIO> io, Format format, LongAccumulator done) {
        this.io = io;
        this.format = format;
        this.done = done;
    }

    @Override
    public Iterator<FileSurvey.Found> call(Iterator<List<LandedFile>> groups) {
        List<FileSurvey> surveys = new ArrayList<>();
        Map<String, TypeEvidence> evidence = new HashMap<>();
        groups.forEachRemaining(files -> {
            for (LandedFile file : files) {
                surveys.add(survey(file, evidence));
                done.add(1);
            }
        });
        return List.of(new FileSurvey.Found(surveys, evidence)).iterator();
    }

    private FileSurvey survey(LandedFile file, Map<String, TypeEvidence> all) {
        Map<String, TypeEvidence> own = new HashMap<>();
        try (FileBytes bytes = FileBytes.open(io.value(), file)) {
            CsvReader reader = new CsvReader(bytes.text(), format.delimiter(), format.quote());
            FileSurvey survey = read(file, reader, own);
            if (survey.isReadable()) {
                own.forEach((column, found) ->
                        all.computeIfAbsent(column, any -> new TypeEvidence()).add(found));
            }
            return new FileSurvey(file, bytes.hash(), survey.layout(), survey.records(), survey.problem());
        } catch (NotFoundException e) {
            return unreadable(file, "it has gone");
        } catch (IOException e) {
            // ZipException and EOFException: it is damaged, or somebody is still writing it.
            return unreadable(file, file.isCompressed() ? "it is not complete, or no gzip" : "it cannot be read");
        }
    }

    private static FileSurvey unreadable(LandedFile file, String problem) {
        return new FileSurvey(file, "", null, 0, problem);
    }

    private FileSurvey read(LandedFile file, CsvReader reader, Map<String, TypeEvidence> evidence) throws IOException {
        CsvRecord record = reader.next();
        FileLayout layout = null;
        if (format.header() && record != null) {
            if (record.problem() != null) {
                return unreadable(file, "its header cannot be read, as " + record.problem());
            }
            layout = FileLayout.named(format, List.of(record.texts()));
            record = reader.next();
        }
        long records = 0;
        long blanks = 0;
        List<TypeEvidence> columns = new ArrayList<>();
        for (; record != null; record = reader.next()) {
            if (layout == null && record.problem() == null && !record.isBlank()) {
                layout = FileLayout.positional(format, file.isLoad(), record.texts().length);
                records += layout.width() == 1 ? blanks : 0;
            }
            if (layout == null && record.isBlank()) {
                blanks++;
            } else if (!isSkipped(record, layout)) {
                records++;
                if (layout != null && record.texts().length == layout.width()) {
                    look(record, layout, columns, evidence);
                }
            }
        }
        String problem = layout == null ? "" : layout.problem();
        return new FileSurvey(file, "", layout, records, problem);
    }

    /** Blank lines are no records, unless a line has one value, which may be empty. */
    static boolean isSkipped(CsvRecord record, @Nullable FileLayout layout) {
        return record.isBlank() && (layout == null || layout.width() != 1);
    }

    private void look(
            CsvRecord record, FileLayout layout, List<TypeEvidence> columns, Map<String, TypeEvidence> evidence) {
        for (int i = 0; i < layout.places().size(); i++) {
            if (i == columns.size()) {
                String id = layout.names().isEmpty()
                        ? ColumnPlan.placeId(i)
                        : layout.names().get(i);
                columns.add(evidence.computeIfAbsent(id, any -> new TypeEvidence()));
            }
            int place = layout.places().get(i);
            String text = record.texts()[place];
            if (record.quoted()[place] || !text.equals(format.nullValue())) {
                columns.get(i).add(text);
            }
        }
    }
}
