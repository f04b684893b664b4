package io.millrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalServers.Extension.class)
class LargeRowsIT {

    @Test
    void rowsOverTheLimitOfARecordPassThroughASmallHeap(LocalServers servers) throws Exception {
        Scene scene = new Scene(
                servers,
                "large",
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item SELECT i, repeat(md5(i::text), 32768) FROM generate_series(1, 60) i",
                "INSERT INTO item SELECT 100, repeat(md5('big'), 655360)");
        Process process = scene.captureProcess("-Xmx384m");
        try {
            scene.awaitRow(100);
            scene.run(
                    "UPDATE item SET name = name || 'u' WHERE id <= 30",
                    "UPDATE item SET name = 'small' WHERE id = 31",
                    "INSERT INTO item VALUES (0, 'end')");
            scene.awaitRow(0);
            scene.await(change ->
                    change.partitionKey().endsWith("|30") && change.operation().equals("u"));
            scene.await(change ->
                    change.partitionKey().endsWith("|31") && change.operation().equals("u"));
            scene.assertConsumedIsEqual();
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
