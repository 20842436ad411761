package io.selfheal.rule;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is written, it is read or explained. */
class RulesReaderProperties {
  /** One place in the text, and what happens to it there. */
  record Slip(int line, int column, int kind, String text) {}

  @Provide
  Arbitrary<List<Slip>> slips() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 1000),
            Arbitraries.integers().between(0, 1000),
            Arbitraries.integers().between(0, 4),
            Arbitraries.of("", " ", "- ", ": ", "a", "0", "-1", "~", "[", "{}", "'", "#", "\u00e9"))
        .as(Slip::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Property(tries = 3000)
  void aSlipOfThePenIsReadOrExplainedAtItsLine(@ForAll("slips") List<Slip> slips) {
    List<String> lines = new ArrayList<>(RulesReaderTest.WHOLE.lines().toList());
    slips.forEach(slip -> slip(lines, slip));
    String text = String.join("\n", lines);
    try {
      Toys.read(text);
    } catch (BadConfiguration bad) {
      assertFalse(bad.problems().isEmpty());
      bad.problems()
          .forEach(problem -> assertTrue(problem.where().matches("rules\\.yaml:\\d+"), text));
    }
  }

  private static void slip(List<String> lines, Slip slip) {
    int at = slip.line() % lines.size();
    String line = lines.get(at);
    int column = slip.column() % (line.length() + 1);
    switch (slip.kind()) {
      case 0 -> lines.set(at, line.substring(0, column) + slip.text() + line.substring(column));
      case 1 -> lines.set(at, line.substring(0, column));
      case 2 -> lines.add(at, line);
      case 3 -> lines.set(at, line.replaceFirst(":.*", ": " + slip.text()));
      default -> {
        if (lines.size() > 1) {
          lines.remove(at);
        }
      }
    }
  }

  @Provide
  Arbitrary<String> fields() {
    Arbitrary<String> field =
        Arbitraries.oneOf(
            Arbitraries.strings().withChars("0123456789*/-,").ofMinLength(1).ofMaxLength(6),
            Arbitraries.strings().withChars("*/-,0159LW#?sunmofrijaHR").ofMaxLength(8),
            Arbitraries.of("*", "0", "*/5", "1-5", "sun", "1,15", "jan-mar", "mon-fri/2"));
    return field.list().ofMinSize(4).ofMaxSize(6).map(all -> String.join(" ", all));
  }

  @Property(tries = 20000)
  void anyCronIsATimeThatComesOrIsNone(@ForAll("fields") String text) {
    Cron cron;
    try {
      cron = Cron.parse(text);
    } catch (IllegalArgumentException none) {
      assertTrue(none.getMessage() != null && !none.getMessage().isBlank(), text);
      return;
    }
    LocalDateTime from = LocalDateTime.of(2026, 11, 25, 12, 0);
    LocalDateTime next = cron.after(from).orElseThrow(() -> new AssertionError(text));
    assertTrue(next.isAfter(from), text);
    assertTrue(cron.after(next.minusSeconds(1)).orElseThrow().equals(next), text);
  }
}
