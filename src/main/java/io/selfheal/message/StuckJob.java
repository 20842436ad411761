package io.selfheal.message;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A running job that a sweep examined, with the verdict and what the next sweep would do.
 *
 * @param holder the holder column as it stands in the row; null when the source has none
 * @param age since the job was started, by the database clock; null when the row does not say
 * @param silence since its own heartbeat, by the database clock; null when the row does not say
 * @param attempts attempts so far; null when the source has no such column
 * @param effect what the next sweep would do
 * @param reason why that, in words for an operator
 */
public record StuckJob(
    String source,
    String jobId,
    @Nullable String holder,
    @Nullable Duration age,
    @Nullable Duration silence,
    @Nullable Long attempts,
    Verdict verdict,
    JobEvent.Effect effect,
    String reason) {}
