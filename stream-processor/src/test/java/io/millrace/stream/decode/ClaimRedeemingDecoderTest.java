package io.millrace.stream.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.decode.ClaimCheck;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimRedeemingDecoderTest {
    private static final String LOCATION = "s3://bucket/claims/1";
    private static final byte[] PAYLOAD = "a large row".getBytes(StandardCharsets.UTF_8);

    private final Map<String, byte[]> store = new HashMap<>();
    private boolean away;

    /** Says what bytes it was given. */
    private final ClaimRedeemingDecoder decoder = new ClaimRedeemingDecoder(
            record -> new Decoding.Control(new String(record.data(), StandardCharsets.UTF_8)), new ClaimStore() {
                @Override
                public Optional<byte[]> fetch(ClaimCheck claim) {
                    if (away) {
                        throw new ClaimStoreUnavailableException("Cannot fetch claim: this is a test", null);
                    }
                    return Optional.ofNullable(store.get(claim.location()));
                }

                @Override
                public void close() {}
            });

    @Test
    void decodesOrdinaryRecordsAsTheyAre() {
        assertThat(decode(PAYLOAD)).isEqualTo(new Decoding.Control("a large row"));
    }

    @Test
    void decodesThePayloadInPlaceOfItsClaimCheck() {
        store.put(LOCATION, PAYLOAD);

        assertThat(decode(ClaimCheck.of(LOCATION, PAYLOAD).encode())).isEqualTo(new Decoding.Control("a large row"));
    }

    @Test
    void aPayloadThatIsNotThereIsADeadLetter() {
        assertThat(code(ClaimCheck.of(LOCATION, PAYLOAD).encode())).isEqualTo(DeadLetterCode.CLAIM_NOT_FOUND);
    }

    @Test
    void anotherPayloadIsADeadLetter() {
        store.put(LOCATION, new byte[] {1});

        assertThat(code(ClaimCheck.of(LOCATION, PAYLOAD).encode())).isEqualTo(DeadLetterCode.CLAIM_NOT_FOUND);
    }

    @Test
    void aLocationOutsideOfS3IsNotFetched() {
        assertThat(code(ClaimCheck.of("file:///etc/passwd", PAYLOAD).encode()))
                .isEqualTo(DeadLetterCode.CLAIM_NOT_FOUND);
    }

    @Test
    void aBrokenClaimCheckIsMalformed() {
        byte[] whole = ClaimCheck.of(LOCATION, PAYLOAD).encode();

        assertThat(code(Arrays.copyOf(whole, 20))).isEqualTo(DeadLetterCode.MALFORMED);
    }

    @Test
    void anUnreachableStoreIsToBeTriedAgain() {
        away = true;

        assertThatThrownBy(() -> decode(ClaimCheck.of(LOCATION, PAYLOAD).encode()))
                .isInstanceOf(ClaimStoreUnavailableException.class);
    }

    private Decoding decode(byte[] data) {
        return decoder.decode(new RawRecord("shop", "stream", "shard", "1", null, 0, data));
    }

    private DeadLetterCode code(byte[] data) {
        return ((Decoding.Rejected) decode(data)).code();
    }
}
