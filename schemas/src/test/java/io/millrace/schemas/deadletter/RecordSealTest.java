package io.millrace.schemas.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.mask.MaskingKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecordSealTest {
    private static final String SECRET = "a key of at least thirty-two characters";
    private static final byte[] DATA = "anna@example.org".getBytes(StandardCharsets.UTF_8);
    private static final RawRecord RECORD = new RawRecord("shop", "stream", "shard-0", "42", "pk", 7, DATA);

    private final RecordSeal seal = new RecordSeal(MaskingKey.of(SECRET));

    @Test
    void whatIsSealedCanBeOpenedWithTheKeyOnly() {
        RawRecord sealed = seal.seal(RECORD);

        assertThat(new String(sealed.data(), StandardCharsets.ISO_8859_1)).doesNotContain("anna");
        assertThat(new RecordSeal(MaskingKey.of(SECRET)).open(sealed).data()).isEqualTo(DATA);
        assertThatThrownBy(() -> new RecordSeal(MaskingKey.of(SECRET + "!")).open(sealed))
                .hasMessageContaining("another masking key");
        assertThatThrownBy(() -> new RecordSeal(null).open(sealed)).hasMessageContaining("there is no masking key");
    }

    @Test
    void theSameRecordIsSealedTheSameAndAnotherOneIsNot() {
        assertThat(seal.seal(RECORD).data()).isEqualTo(seal.seal(RECORD).data());
        RawRecord elsewhere = new RawRecord("shop", "stream", "shard-1", "42", "pk", 7, DATA);
        assertThat(seal.seal(elsewhere).data()).isNotEqualTo(seal.seal(RECORD).data());
    }

    /** It has the key values of the row, which may be masked ones. */
    @Test
    void thePartitionKeyIsHiddenOnce() {
        RawRecord sealed = seal.seal(RECORD);

        assertThat(sealed.partitionKey()).startsWith("hidden:").doesNotContain("pk");
        assertThat(seal.seal(seal.open(sealed)).partitionKey()).isEqualTo(sealed.partitionKey());
        assertThat(new RecordSeal(null).seal(RECORD).partitionKey()).isEqualTo("pk");
    }

    @Test
    void changedBytesAreNotOpened() {
        RawRecord sealed = seal.seal(RECORD);
        sealed.data()[20] ^= 1;

        assertThatThrownBy(() -> seal.open(sealed)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesThatNobodySealedAreNotOpened() {
        assertThatThrownBy(() -> seal.open(RECORD)).hasMessageContaining("not sealed");
    }

    @Test
    void withoutAKeyBytesStayAsTheyAre() {
        RecordSeal none = new RecordSeal(null);

        assertThat(none.open(none.seal(RECORD)).data()).isEqualTo(DATA);
        assertThat(seal.open(none.seal(RECORD)).data()).isEqualTo(DATA);
    }
}
