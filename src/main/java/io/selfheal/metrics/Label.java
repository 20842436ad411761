package io.selfheal.metrics;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The values of one label, bounded: what comes beyond the bound, or is free text, is other. */
final class Label {
  private static final int MOST = 64;
  private static final Pattern WORD = Pattern.compile("[\\w./:@-]{1,64}");
  private static final String OTHER = "other";

  private final Set<String> seen = new HashSet<>();

  String of(String value) {
    if (!WORD.matcher(value).matches()) {
      return OTHER;
    }
    if (seen.size() >= MOST && !seen.contains(value)) {
      return OTHER;
    }
    seen.add(value);
    return value;
  }
}
