package io.millrace.iceberg.commit;

/**
 * The numbering of a table's epochs: a checkpoint's number plus an offset, so that every operator of a job knows the epoch
 * of a checkpoint without being told, and numbers grow across jobs, whose checkpoints may begin at 1 again.
 *
 * <p>An epoch that the table has and that is beyond the restored checkpoint means that the job was taken back to an older
 * state. The line then begins anew, behind a gap: checkpoints of the abandoned line must not share an epoch with the new
 * one, should somebody restore from them later.
 *
 * @param offset what is added to a checkpoint's number
 * @param rebuild whether the index in Flink's state does not belong to the table as it is, and has to be built from it
 */
public record EpochLine(long offset, boolean rebuild) {
    private static final long GAP = 1_000_000;

    /** Begins without state. */
    public static EpochLine begin(long landedEpoch, long restoredCheckpoint) {
        return new EpochLine(landedEpoch == 0 ? 0 : landedEpoch + GAP - restoredCheckpoint, true);
    }

    /** Goes on from state. */
    public static EpochLine resume(long offset, long landedEpoch, long restoredCheckpoint) {
        return landedEpoch > offset + restoredCheckpoint
                ? begin(landedEpoch, restoredCheckpoint)
                : new EpochLine(offset, false);
    }

    public long epoch(long checkpoint) {
        return offset + checkpoint;
    }
}
