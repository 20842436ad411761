package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which incidents wish which processes to take no more jobs. Pure. */
record Wishes(Set<Wish> all) {
  static final Wishes NONE = new Wishes(Set.of());

  /** One of them. */
  record Wish(ProcessIdentity process, String incident) {}

  /** Keeps the order. */
  Wishes {
    all = new LinkedHashSet<>(all);
  }

  static Wishes parse(String text) {
    Set<Wish> all = new LinkedHashSet<>();
    for (String line : text.lines().toList()) {
      List<String> parts = List.of(line.split("\t", -1));
      if (parts.size() == 4
          && parts.get(2).matches("\\d{1,10}")
          && parts.get(3).matches("\\d{1,18}")) {
        ProcessIdentity process =
            new ProcessIdentity(
                parts.get(1), Long.parseLong(parts.get(2)), Long.parseLong(parts.get(3)));
        all.add(new Wish(process, parts.getFirst()));
      }
    }
    return new Wishes(all);
  }

  String text() {
    return all.stream()
        .map(
            one ->
                "%s\t%s\t%d\t%d"
                    .formatted(
                        one.incident(),
                        one.process().bootId(),
                        one.process().pid(),
                        one.process().startTicks()))
        .collect(Collectors.joining("\n"));
  }

  boolean of(ProcessIdentity process) {
    return all.stream().anyMatch(one -> one.process().equals(process));
  }

  Wishes with(ProcessIdentity process, String incident) {
    Set<Wish> next = new LinkedHashSet<>(all);
    next.add(new Wish(process, incident));
    return new Wishes(next);
  }

  Wishes without(ProcessIdentity process, String incident) {
    Set<Wish> next = new LinkedHashSet<>(all);
    next.remove(new Wish(process, incident));
    return new Wishes(next);
  }
}
