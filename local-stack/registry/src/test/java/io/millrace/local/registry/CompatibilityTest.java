package io.millrace.local.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityTest {

    private static final Schema ID =
            SchemaBuilder.record("t").fields().requiredLong("id").endRecord();
    private static final Schema ID_AND_NAME = SchemaBuilder.record("t")
            .fields()
            .requiredLong("id")
            .requiredString("name")
            .endRecord();
    private static final Schema ID_AND_OPTIONAL_NAME = SchemaBuilder.record("t")
            .fields()
            .requiredLong("id")
            .optionalString("name")
            .endRecord();

    @ParameterizedTest
    @CsvSource({
        "NONE, true",
        "DISABLED, false",
        "BACKWARD, true",
        "BACKWARD_ALL, true",
        "FORWARD, true",
        "FORWARD_ALL, true",
        "FULL, true",
        "FULL_ALL, true"
    })
    void anOptionalFieldMayCome(Compatibility mode, boolean allowed) {
        assertThat(mode.objection(ID_AND_OPTIONAL_NAME, List.of(ID)).isEmpty()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, true",
        "DISABLED, false",
        "BACKWARD, false",
        "BACKWARD_ALL, false",
        "FORWARD, true",
        "FORWARD_ALL, true",
        "FULL, false",
        "FULL_ALL, false"
    })
    void aRequiredFieldComesOnlyForward(Compatibility mode, boolean allowed) {
        assertThat(mode.objection(ID_AND_NAME, List.of(ID)).isEmpty()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, true",
        "DISABLED, false",
        "BACKWARD, true",
        "BACKWARD_ALL, true",
        "FORWARD, false",
        "FORWARD_ALL, false",
        "FULL, false",
        "FULL_ALL, false"
    })
    void aRequiredFieldGoesOnlyBackward(Compatibility mode, boolean allowed) {
        assertThat(mode.objection(ID, List.of(ID_AND_NAME)).isEmpty()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, true",
        "DISABLED, false",
        "BACKWARD, true",
        "BACKWARD_ALL, false",
        "FORWARD, true",
        "FORWARD_ALL, true",
        "FULL, true",
        "FULL_ALL, false"
    })
    void onlyTheAllModesLookBehindTheLastVersion(Compatibility mode, boolean allowed) {
        // Reads and is read by the last version; does not read the one before it.
        assertThat(mode.objection(ID_AND_NAME, List.of(ID_AND_NAME, ID)).isEmpty())
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"NONE", "DISABLED", "BACKWARD", "BACKWARD_ALL", "FORWARD", "FORWARD_ALL", "FULL", "FULL_ALL"})
    void theFirstVersionIsAlwaysAllowed(Compatibility mode) {
        assertThat(mode.objection(ID, List.of())).isEmpty();
    }
}
