package io.selfheal.job;

import java.time.Duration;

/**
 * What a job is allowed.
 *
 * @param stuckAfter the age at which a job may be rescued although nothing proves its holder dead
 * @param heartbeatGrace a heartbeat of the job itself that is younger counts as life
 * @param maxAttempts with so many attempts a job is not queued again; 0: no limit
 * @param actOnUnknown whether age alone, without proof of death, is enough
 * @param deadLetters whether what is not queued again goes to dead letters instead of failing
 */
record Limits(
    Duration stuckAfter,
    Duration heartbeatGrace,
    int maxAttempts,
    boolean actOnUnknown,
    boolean deadLetters) {}
