package io.millrace.batch.raw.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {

    @Test
    void quotedValuesHoldDelimitersQuotesAndLineEnds() throws IOException {
        List<CsvRecord> records = read("I,\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\nU,x,,\"\"\r\n");

        assertThat(records)
                .extracting(record -> List.of(record.texts()))
                .containsExactly(List.of("I", "a,b", "say \"hi\"", "two\r\nlines"), List.of("U", "x", "", ""));
        assertThat(records).extracting(CsvRecord::line).containsExactly(1L, 3L);
        assertThat(records.get(1).quoted()).containsExactly(false, false, false, true);
    }

    @Test
    void byteOrderMarkIsPassedOverAndTheLastLineNeedsNoEnd() throws IOException {
        assertThat(read("\uFEFFid,name\n1,é🚚"))
                .extracting(record -> List.of(record.texts()))
                .containsExactly(List.of("id", "name"), List.of("1", "é🚚"));
    }

    @Test
    void quoteThatIsNeverClosedCostsItsOwnLineOnly() throws IOException {
        List<CsvRecord> records = read("1,a\n2,\"b\n3,c\n4,d\n");

        assertThat(records).extracting(record -> record.problem() == null).containsExactly(true, false, true, true);
        assertThat(records.get(1).raw()).asString().isEqualTo("2,\"b");
        assertThat(records.get(2).texts()).containsExactly("3", "c");
        assertThat(records).extracting(CsvRecord::line).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void misplacedQuotesAndWrongBytesAreBrokenLines() throws IOException {
        byte[] bytes = "1,\"a\"b\n2,\u00e9\n3,c".getBytes(StandardCharsets.ISO_8859_1);

        List<CsvRecord> records = read(bytes, '"');

        assertThat(records)
                .extracting(CsvRecord::problem)
                .containsExactly("a quote is misplaced", "it is not UTF-8", null);
    }

    @Test
    void withoutQuotesAQuoteIsACharacter() throws IOException {
        assertThat(read("1,\"a\nb,5\" nail\n".getBytes(StandardCharsets.UTF_8), null))
                .extracting(record -> List.of(record.texts()))
                .containsExactly(List.of("1", "\"a"), List.of("b", "5\" nail"));
    }

    @Test
    void lineThatIsTooLongIsGivenUpAndTheNextOneIsRead() throws IOException {
        byte[] bytes = new byte[2 * CsvReader.MAX_RECORD_BYTES + 7];
        Arrays.fill(bytes, (byte) 'x');
        bytes[bytes.length - 4] = '\n';

        List<CsvRecord> records = read(bytes, '"');

        assertThat(records).extracting(CsvRecord::problem).containsExactly("it is too long", null);
        assertThat(records.get(1).texts()).containsExactly("xxx");
    }

    /** Whatever is written by the rules is read as it was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsWrittenIsRead(long seed) throws IOException {
        Random random = new Random(seed);
        List<List<String>> rows = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            List<String> row = new ArrayList<>();
            for (int j = 0; j < 4; j++) {
                row.add(value(random));
            }
            rows.add(row);
            for (int j = 0; j < 4; j++) {
                String value = row.get(j);
                boolean quoted = value.matches("(?s).*[,\"\r\n].*") || random.nextInt(5) == 0;
                text.append(j == 0 ? "" : ",").append(quoted ? '"' + value.replace("\"", "\"\"") + '"' : value);
            }
            text.append(random.nextBoolean() ? "\n" : "\r\n");
        }

        assertThat(read(text.toString()))
                .as("seed %d", seed)
                .extracting(record -> List.of(record.texts()))
                .isEqualTo(rows);
    }

    private static String value(Random random) {
        StringBuilder value = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            value.append(
                    List.of("a", "7", ",", "\"", "\n", "\r", "é", "🚚", " ").get(random.nextInt(9)));
        }
        return value.toString();
    }

    private static List<CsvRecord> read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8), '"');
    }

    private static List<CsvRecord> read(byte[] bytes, @Nullable Character quote) throws IOException {
        CsvReader reader = new CsvReader(new ByteArrayInputStream(bytes), ',', quote);
        List<CsvRecord> records = new ArrayList<>();
        for (CsvRecord record = reader.next(); record != null; record = reader.next()) {
            records.add(record);
        }
        return records;
    }
}
