package io.millrace.stream.decode;

import io.millrace.schemas.decode.ClaimCheck;
import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.decode.RecordDecoder;
import io.millrace.schemas.registry.MalformedFrameException;
import java.util.Optional;

/** Decodes records of any size: where a record is a claim check, its payload is fetched and decoded in its place. */
public final class ClaimRedeemingDecoder implements RecordDecoder, AutoCloseable {
    private final RecordDecoder decoder;
    private final ClaimStore claims;

    public ClaimRedeemingDecoder(RecordDecoder decoder, ClaimStore claims) {
        this.decoder = decoder;
        this.claims = claims;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ClaimStoreUnavailableException if the claim store did not answer; the same call may succeed later
     */
    @Override
    public Decoding decode(RawRecord record) {
        if (!ClaimCheck.isClaimCheck(record.data())) {
            return decoder.decode(record);
        }
        ClaimCheck claim;
        try {
            claim = ClaimCheck.parse(record.data());
        } catch (MalformedFrameException e) {
            return new Decoding.Rejected(DeadLetterCode.MALFORMED, String.valueOf(e.getMessage()), null, null);
        }
        if (!claim.location().startsWith("s3://")) {
            return new Decoding.Rejected(
                    DeadLetterCode.CLAIM_NOT_FOUND, "Cannot fetch claim: it is not at an s3:// location", null, null);
        }
        Optional<byte[]> payload = claims.fetch(claim);
        if (payload.isEmpty() || !claim.matches(payload.get())) {
            String found = payload.isEmpty() ? "nothing" : "something else";
            return new Decoding.Rejected(
                    DeadLetterCode.CLAIM_NOT_FOUND,
                    "Cannot fetch claim: " + found + " is at " + claim.location(),
                    null,
                    null);
        }
        return decoder.decode(new RawRecord(
                record.source(),
                record.stream(),
                record.shard(),
                record.sequence(),
                record.partitionKey(),
                record.arrivalMillis(),
                payload.get()));
    }

    @Override
    public void close() {
        claims.close();
    }
}
