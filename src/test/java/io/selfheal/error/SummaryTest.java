package io.selfheal.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.message.ErrorReport;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static ErrorReport error(
      @Nullable String message,
      @Nullable String component,
      @Nullable String worker,
      @Nullable String job) {
    return new ErrorReport(
        "ValueError",
        message,
        null,
        component,
        null,
        worker,
        job,
        null,
        Map.of(),
        null,
        null,
        null);
  }

  @Test
  void whatIsKnownIsSaid() {
    assertEquals("ValueError", Summary.of(error(null, null, null, null)));
    assertEquals(
        "ValueError: no size", Summary.of(error("\n no size\nat line 7", null, null, null)));
    assertEquals(
        "ValueError in resize, of worker images, job 42: no size",
        Summary.of(error("no size", "resize", "images", "42")));
  }

  @Test
  void aLongOneIsCutBetweenCharacters() {
    String filled = "x".repeat(187);
    assertEquals(
        "ValueError: " + filled + "…", Summary.of(error(filled + "😀😀", null, null, null)));
  }
}
