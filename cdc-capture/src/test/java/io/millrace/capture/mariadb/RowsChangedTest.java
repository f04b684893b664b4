package io.millrace.capture.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.offset.TableShape;
import io.millrace.capture.offset.TableShape.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowsChangedTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a:int               | a:int b:int             | ALTER TABLE t ADD b int                         |
            a:int               | a:int b:int+            | ALTER TABLE t ADD b int DEFAULT 7               | column b was added with a value for all rows
            a:int b:int         | a:int                   | ALTER TABLE t DROP b                            |
            a:int b:int         | a:int b:int             | ALTER TABLE t DROP b, ADD b int                 | column b was dropped and added again
            a:int b:int         | a:int b:int             | ALTER TABLE t DROP COLUMN IF EXISTS `b`, ADD b int | column b was dropped and added again
            a:int b:int         | a:int b:int             | ALTER TABLE t DROP INDEX bb                     |
            a:int b:int         | a:int b:int             | CREATE INDEX bb ON t(b)                         |
            a:int b:int         | a:int c:int             | ALTER TABLE t CHANGE b c int                    | column c may have been another before
            a:int b:int         | a:int new:int           | ALTER TABLE t RENAME COLUMN b TO new            | column new may have been another before
            a:int old:int       | a:int new:int           | ALTER TABLE t RENAME COLUMN old TO new          |
            a:int(11)           | a:bigint(20)            | ALTER TABLE t MODIFY a bigint                   |
            a:bigint            | a:int                   | ALTER TABLE t MODIFY a int                      | column a changed its type
            a:int               | a:int_unsigned          | ALTER TABLE t MODIFY a int unsigned             | column a changed its type
            a:varchar(20)_utf8  | a:varchar(30)_utf8      | ALTER TABLE t MODIFY a varchar(30)              |
            a:varchar(20)_utf8  | a:varchar(10)_utf8      | ALTER TABLE t MODIFY a varchar(10)              | column a changed its type
            a:varchar(20)_utf8  | a:varchar(20)_latin1    | ALTER TABLE t CONVERT TO CHARACTER SET latin1   | column a changed its type
            a:decimal(10,2)     | a:decimal(12,2)         | ALTER TABLE t MODIFY a decimal(12,2)            |
            a:decimal(10,2)     | a:decimal(12,3)         | ALTER TABLE t MODIFY a decimal(12,3)            | column a changed its type
            a:int_not_null      | a:int                   | ALTER TABLE t MODIFY a int NULL                 |
            a:int               | a:int_not_null          | ALTER TABLE t MODIFY a int NOT NULL             | column a changed its type
            a:datetime          | a:datetime(6)           | ALTER TABLE t MODIFY a datetime(6)              | column a changed its type
            """)
    void rowsAreReadAgainWhereTheirValuesMayHaveChanged(String before, String now, String statement, String reason) {
        assertThat(RowsChanged.reason(statement, shape(before), shape(now), Map.of("new", "old"))
                        .orElse(null))
                .isEqualTo(reason);
    }

    @Test
    void columnThatComesBackIsReadAgain() {
        TableShape dropped = shape("a:int").after(shape("a:int b:int"));

        assertThat(RowsChanged.reason("ALTER TABLE t ADD b int", dropped, shape("a:int b:int"), Map.of()))
                .contains("column b was dropped and added again");
    }

    @Test
    void tableThatWasNotKnownIsRead() {
        assertThat(RowsChanged.reason("RENAME TABLE s TO t", null, shape("a:int"), Map.of()))
                .isPresent();
    }

    /** {@code name:type}, with a plus where old rows get a value. */
    private static TableShape shape(String text) {
        List<Column> columns = new ArrayList<>();
        for (String column : text.split(" ")) {
            String[] parts = column.replace("+", "").split(":", 2);
            columns.add(new Column(columns.size() + 1, parts[0], parts[1].replace('_', ' '), column.endsWith("+")));
        }
        return new TableShape(0, columns, List.of("a"), 0, Set.of());
    }
}
