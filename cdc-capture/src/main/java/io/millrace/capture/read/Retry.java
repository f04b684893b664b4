package io.millrace.capture.read;

import io.millrace.capture.publish.Backoff;
import io.millrace.capture.status.CaptureMeter;
import io.millrace.capture.storage.StorageException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries again, for as long as it takes, what a server that is away cannot do now. */
final class Retry {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    private final Backoff backoff;
    private final CaptureMeter meter;

    Retry(Backoff backoff, CaptureMeter meter) {
        this.backoff = backoff;
        this.meter = meter;
    }

    <T> T untilAvailable(Supplier<T> act) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return act.get();
            } catch (RegistryUnavailableException | StorageException e) {
                meter.retried();
                LOG.warn("{}; trying again", e.getMessage());
                TimeUnit.NANOSECONDS.sleep(backoff.after(failures).toNanos());
            }
        }
    }
}
