package io.millrace.local.endtoend;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A day that ends at the moment one likes, in a time zone made for it: nobody has to wait for midnight.
 *
 * @param date the day
 * @param zone where it ends then
 */
record DayThatEnds(LocalDate date, ZoneOffset zone) {
    private static final int DAY = 24 * 60 * 60;
    private static final int FURTHEST_WEST = 12 * 60 * 60;

    /** The day that ends at an instant, whole seconds taken. */
    static DayThatEnds at(Instant end) {
        int second = Math.floorMod(end.getEpochSecond(), DAY);
        ZoneOffset zone = ZoneOffset.ofTotalSeconds(second <= FURTHEST_WEST ? -second : DAY - second);
        return new DayThatEnds(end.atOffset(zone).toLocalDate().minusDays(1), zone);
    }
}
