package io.millrace.stream.model;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Deliveries as raw records, which hold nothing but their number, and back. */
final class Shipment {

    private Shipment() {}

    static RawRecord pack(Delivery delivery) {
        return new RawRecord(
                "shop",
                "stream",
                "shard-" + delivery.shard(),
                Integer.toString(delivery.number()),
                null,
                delivery.arrivalMillis(),
                Integer.toString(delivery.number()).getBytes(StandardCharsets.UTF_8));
    }

    static Decoding unpack(RawRecord raw, List<Delivery> deliveries) {
        Delivery delivery = deliveries.get(number(raw));
        ChangeEvent change = delivery.change();
        if (change != null) {
            return new Decoding.Changes(List.of(change));
        }
        return delivery.kind() == Delivery.Kind.CONTROL
                ? new Decoding.Control("test")
                : new Decoding.Rejected(DeadLetterCode.MALFORMED, "Cannot decode: it is garbage", null, null);
    }

    static int number(RawRecord raw) {
        return Integer.parseInt(raw.sequence());
    }
}
