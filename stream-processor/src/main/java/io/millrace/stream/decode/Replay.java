package io.millrace.stream.decode;

import io.millrace.stream.deadletter.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * Says of a change that it is sent through the job once more.
 *
 * @param letter the dead letter that it was, without its record, with who asked for the replay
 * @param version the version that the change had when a target refused it, behind the sequence step; null for all others
 */
public record Replay(DeadLetter letter, @Nullable Long version) {}
