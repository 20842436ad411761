package io.selfheal.service;

import io.selfheal.file.Whole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * This agent's shares on its own disk: {@code services.shares} of the data directory, so that
 * another run can use them while the database is away. It never says more than the database: it is
 * written before a part is given back, and after more was granted.
 */
final class ShareFile {
  private static final String FIRST = "selfheal shares 1 ";

  private final @Nullable Path file;
  private Shares.@Nullable Left written;

  /**
   * @param file null: nothing lasts
   */
  ShareFile(@Nullable Path file) {
    this.file = file;
  }

  /**
   * What an earlier run left; a new id when it left nothing, or nothing that can be read. Blocks.
   */
  Shares.Left read() {
    if (file == null || !Files.exists(file)) {
      return Shares.Left.nothing();
    }
    try {
      return parse(Files.readAllLines(file));
    } catch (IOException | IllegalArgumentException damaged) {
      // Its shares in the database count as used until their periods end.
      return Shares.Left.nothing();
    }
  }

  private static Shares.Left parse(List<String> lines) {
    if (lines.isEmpty() || !lines.getFirst().startsWith(FIRST)) {
      throw new IllegalArgumentException("it does not begin as such a file does");
    }
    Map<BudgetKey, Long> granted = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(" ", -1);
      if (parts.length != 5) {
        throw new IllegalArgumentException(line);
      }
      BudgetPeriod period = new BudgetPeriod(Long.parseLong(parts[2]), Long.parseLong(parts[3]));
      granted.put(new BudgetKey(parts[0], parts[1], period), Long.parseLong(parts[4]));
    }
    return new Shares.Left(UUID.fromString(lines.getFirst().substring(FIRST.length())), granted);
  }

  /** Brings it to the disk when it has changed: all of it or nothing. Blocks. */
  void write(Shares.Left left) throws IOException {
    if (file == null || Objects.equals(left, written)) {
      return;
    }
    StringBuilder text = new StringBuilder(FIRST).append(left.id()).append('\n');
    left.granted()
        .forEach(
            (key, granted) ->
                text.append(key.service())
                    .append(' ')
                    .append(key.currency())
                    .append(' ')
                    .append(key.period().start())
                    .append(' ')
                    .append(key.period().end())
                    .append(' ')
                    .append(granted)
                    .append('\n'));
    Whole.write(file, text.toString());
    written = left;
  }
}
