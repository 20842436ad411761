package io.selfheal.worker;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The boots of this machine during which this agent has run, as its data directory keeps them. All
 * but the current one are over, and so are the processes that lived in them: a view of such a boot
 * is of this machine, while any other one with this host's name is of another machine.
 *
 * @param ids boot ids, the newest last
 */
record Boots(List<String> ids) {
  static final Boots NONE = new Boots(List.of());

  /** How many are kept; a view is kept for a day. */
  static final int MOST = 100;

  private static final String NOTE = "boots";

  Boots {
    ids = List.copyOf(ids);
  }

  /** Those that are written down, with the current one, which is written down if it is new. */
  static Boots remember(Notes notes, String current) throws IOException {
    Boots before = notes.read(NOTE).map(Boots::parse).orElse(NONE);
    Boots now = before.with(current);
    if (!now.equals(before)) {
      notes.write(NOTE, now.text());
    }
    return now;
  }

  static Boots parse(String text) {
    return new Boots(text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
  }

  String text() {
    return String.join("\n", ids);
  }

  Boots with(String current) {
    LinkedHashSet<String> all = new LinkedHashSet<>(ids);
    all.remove(current);
    all.add(current);
    return new Boots(all.stream().skip(Math.max(0, all.size() - MOST)).toList());
  }

  /** The boots that are over. */
  Set<String> over(String current) {
    return ids.stream().filter(id -> !id.equals(current)).collect(Collectors.toUnmodifiableSet());
  }
}
