package io.selfheal.symptom;

import io.selfheal.message.ProcessSample;
import java.util.Locale;

/** What a process can hold more and more of. */
enum Holding {
  MEMORY,
  FILES,
  THREADS;

  /** The name in rules. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How much a process holds; negative when that is not known. */
  double of(ProcessSample sample) {
    return switch (this) {
      case MEMORY -> (double) sample.rssBytes();
      case FILES -> sample.openFiles();
      case THREADS -> sample.threads();
    };
  }

  /** So much of it, for an operator. */
  String say(double amount) {
    return switch (this) {
      case MEMORY -> Amounts.bytes(amount) + " of memory";
      case FILES -> Math.round(amount) + " open files";
      case THREADS -> Math.round(amount) + " threads";
    };
  }

  /** The name of a measure of it. */
  String unit() {
    return this == MEMORY ? "rss_bytes" : this == FILES ? "open_files" : "threads";
  }
}
