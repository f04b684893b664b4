package io.millrace.iceberg.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionFieldsTest {
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "region", Types.StringType.get()),
            Types.NestedField.optional(3, "created at", Types.TimestampType.withZone()));

    @Test
    void readsEveryTransform() {
        PartitionSpec spec = PartitionFields.parse(
                SCHEMA, List.of("region", "day(created at)", "bucket(16, id)", " truncate( 4 ,region) "));

        assertThat(spec)
                .isEqualTo(PartitionSpec.builderFor(SCHEMA)
                        .identity("region")
                        .day("created at")
                        .bucket("id", 16)
                        .truncate("region", 4)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bucket(id)", "week(created at)", "nobody", "bucket(x, id)", "truncate(4, region"})
    void refusesWhatItCannotRead(String field) {
        assertThatThrownBy(() -> PartitionFields.parse(SCHEMA, List.of(field)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
