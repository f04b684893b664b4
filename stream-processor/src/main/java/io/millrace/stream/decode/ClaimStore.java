package io.millrace.stream.decode;

import io.millrace.schemas.decode.ClaimCheck;
import java.util.Optional;

/** Where the payloads of claim checks are. */
public interface ClaimStore extends AutoCloseable {

    /**
     * Fetches a payload; empty if there is nothing at the claim check's location.
     *
     * @throws ClaimStoreUnavailableException if the store did not answer; the same call may succeed later
     */
    Optional<byte[]> fetch(ClaimCheck claim);

    @Override
    void close();
}
