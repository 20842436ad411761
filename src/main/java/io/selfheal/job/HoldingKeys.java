package io.selfheal.job;

import io.selfheal.config.Section;
import io.selfheal.job.SourceConfig.Holding;
import java.util.Optional;

/** Reads {@code holder} of a source. */
final class HoldingKeys {
  /** The format of a holder column that names neither a process nor anything else. */
  private static final String NOBODY = "*";

  private HoldingKeys() {}

  static Holding read(Section section, Layout layout) {
    String worker = section.text("worker").orElse(null);
    boolean only = section.flag("only", false);
    if (only && worker == null) {
      section.reject(
          "only", "is there without a worker", "set holder.worker: the one that takes these jobs");
    }
    Optional<String> format = section.text("format");
    if (!layout.hasHolder()) {
      if (format.isPresent()) {
        section.reject(
            "format",
            "is there without a holder column",
            "leave it out, or set columns.holder of a mapped table");
      }
      return new Holding(worker, null).of(only, layout);
    }
    String wanted = format.orElse(layout.holderFormat());
    if (only && wanted.equals(NOBODY)) {
      return new Holding(worker, null).of(only, layout);
    }
    try {
      HolderPattern pattern = HolderPattern.compile(wanted).cutAt(layout.holderCutAt());
      if (pattern.namesOnlyInstances() && !layout.hasTimes()) {
        section.reject(
            "format",
            "\""
                + wanted
                + "\" names an instance, and the table has no time: a job of its process that is gone would look like one of its next process, and stay for ever",
            "set columns.started or columns.heartbeat, or have {pid} in the holder, too");
      }
      boolean assumed = format.isEmpty() && !layout.holderFormatKnown();
      return new Holding(worker, assumed ? pattern.assumed() : pattern).of(only, layout);
    } catch (IllegalArgumentException wrong) {
      section.reject(
          "format",
          "\"" + wanted + "\" " + wrong.getMessage(),
          "placeholders: "
              + String.join(", ", HolderPattern.placeholders())
              + ", and * for anything");
      return new Holding(worker, HolderPattern.compile(layout.holderFormat())).of(only, layout);
    }
  }
}
