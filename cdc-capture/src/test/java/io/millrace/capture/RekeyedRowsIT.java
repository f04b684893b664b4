package io.millrace.capture;

import io.millrace.capture.status.CaptureStatus.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalServers.Extension.class)
class RekeyedRowsIT {

    /** PostgreSQL keeps the text outside of the row, and leaves it out of an update that does not change it. */
    @Test
    void aRowUnderANewKeyHasItsLargeValues(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "rekeyed",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "ALTER TABLE item ALTER COLUMN name SET STORAGE EXTERNAL",
                "INSERT INTO item SELECT i, repeat(md5(i::text), 200) FROM generate_series(1, 5) i");
        try (TestCapture capture = scene.capture()) {
            Scene.awaitState(capture, State.STREAMING);
            scene.run("UPDATE item SET id = id + 1000", "INSERT INTO item VALUES (0, 'end')");
            scene.awaitRows(1001, 1005);
        }
        scene.assertConsumedIsEqual();
    }
}
