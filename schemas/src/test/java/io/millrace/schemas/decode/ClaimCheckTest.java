package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.registry.GlueFrame;
import io.millrace.schemas.registry.GlueFrame.Compression;
import io.millrace.schemas.registry.MalformedFrameException;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClaimCheckTest {
    private static final byte[] PAYLOAD = {1, 2, 3};
    private static final ClaimCheck CLAIM = ClaimCheck.of("s3://millrace/claims/ä", PAYLOAD);

    @Test
    void claimCheckComesBack() {
        assertThat(ClaimCheck.parse(CLAIM.encode())).isEqualTo(CLAIM);
    }

    @Test
    void claimCheckKnowsItsPayload() {
        assertThat(CLAIM.size()).isEqualTo(3);
        assertThat(CLAIM.sha256()).isEqualTo("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        assertThat(CLAIM.matches(PAYLOAD)).isTrue();
        assertThat(CLAIM.matches(new byte[] {1, 2, 4})).isFalse();
    }

    @Test
    void claimChecksAndFramesAreToldApart() {
        byte[] frame = GlueFrame.write(new UUID(1, 2), PAYLOAD, Compression.NONE);

        assertThat(ClaimCheck.isClaimCheck(frame)).isFalse();
        assertThat(ClaimCheck.isClaimCheck(CLAIM.encode())).isTrue();
        assertThat(GlueFrame.isFrame(CLAIM.encode())).isFalse();
    }

    @Test
    void decoderTakesAClaimCheckForMalformed() {
        TestEnvelope envelope = new TestEnvelope("{\"name\": \"id\", \"type\": \"int\"}");

        Decoding decoding = envelope.decoder("id").decode(GoldenRecords.raw(CLAIM.encode()));

        assertThat(decoding)
                .isInstanceOfSatisfying(
                        Decoding.Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(DeadLetterCode.MALFORMED));
    }

    @Test
    void everyCutOffClaimCheckIsMalformed() {
        byte[] whole = CLAIM.encode();
        for (int length = 0; length < 46; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ClaimCheck.parse(cut)).isInstanceOf(MalformedFrameException.class);
        }
    }

    @Test
    void negativeSizeIsMalformed() {
        byte[] data = CLAIM.encode();
        data[5] = -1;

        assertThatThrownBy(() -> ClaimCheck.parse(data)).isInstanceOf(MalformedFrameException.class);
    }
}
