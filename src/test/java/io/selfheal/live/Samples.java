package io.selfheal.live;

import io.selfheal.message.Recorded;
import io.selfheal.message.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Events for tests. */
final class Samples {
  static final long EPOCH = 1_700_000_000_000L;

  private Samples() {}

  static Recorded event(long offset, String type, Severity severity, String subject) {
    return recorded(offset, type, severity, subject, false, "");
  }

  static Recorded event(long offset) {
    return event(offset, "worker.lost", Severity.CRITICAL, "worker/images.1");
  }

  static Recorded ofEpoch(long epoch, long offset) {
    byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
    return new Recorded(
        epoch, offset, "id", Instant.EPOCH, "error", Severity.INFO, "host", null, false, json);
  }

  static Recorded sample(long offset, String subject) {
    return recorded(offset, "worker.sampled", Severity.INFO, subject, true, "");
  }

  static Recorded padded(long offset, int bytes) {
    return recorded(
        offset, "worker.lost", Severity.CRITICAL, "worker/images.1", false, "x".repeat(bytes));
  }

  static Recorded recorded(
      long offset, String type, Severity severity, String subject, boolean sample, String pad) {
    String json =
        "{\"epoch\":"
            + EPOCH
            + ",\"offset\":"
            + offset
            + ",\"type\":\""
            + type
            + "\",\"subject\":\""
            + subject
            + "\",\"pad\":\""
            + pad
            + "\"}";
    return new Recorded(
        EPOCH,
        offset,
        "id-" + offset,
        Instant.EPOCH,
        type,
        severity,
        subject,
        null,
        sample,
        json.getBytes(StandardCharsets.UTF_8));
  }
}
