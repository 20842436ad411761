package io.selfheal.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event in the journal: placed, and encoded once for every reader.
 *
 * @param epoch changes only when the log was lost; milliseconds since 1970 at its creation
 * @param offset gapless within the epoch, from 1
 * @param id UUIDv7, the same in the spool, in PostgreSQL and on the wire
 * @param sample see {@link Event#sample()}
 * @param json the whole event as the outside sees it, one JSON object in UTF-8; never changed
 */
@SuppressWarnings(
    "ArrayRecordComponent") // shared by reference on purpose: encoded once, never changed
public record Recorded(
    long epoch,
    long offset,
    String id,
    Instant time,
    String type,
    Severity severity,
    String subject,
    @Nullable String incidentId,
    boolean sample,
    byte[] json) {}
