package io.millrace.schemas.replay;

/** A record of the replay stream of a pipeline: what somebody asks the job to do beside what its sources send. */
public sealed interface StreamRequest permits ReplayRequest, RepairRequest {

    /** What it is about, in words that give nothing of a row away. */
    String name();

    /** The record for the stream. */
    byte[] encode();
}
