package io.millrace.iceberg.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowLocationSerializerTest {

    @ParameterizedTest
    @CsvSource({"0,0,2", "127,127,2", "128,1,3", "20000,1000000,6", "9223372036854775806,9223372036854775807,18"})
    void comesBackAndTakesFewBytes(long file, long position, int bytes) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(16);
        RowLocationSerializer.INSTANCE.serialize(new RowLocation(file, position), out);

        assertThat(out.length()).isEqualTo(bytes);
        assertThat(RowLocationSerializer.INSTANCE.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
                .isEqualTo(new RowLocation(file, position));
    }
}
