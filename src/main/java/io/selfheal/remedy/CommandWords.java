package io.selfheal.remedy;

import io.selfheal.config.Arguments;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Says of commands what they are and how they ended. Pure. */
final class CommandWords {
  private static final Pattern PLAIN = Pattern.compile("(?:[A-Za-z0-9_@%+=:,./-]|\\*{3})+");

  private CommandWords() {}

  /** A command as a shell would take it, but for its secrets. */
  static String command(List<String> argv) {
    return String.join(" ", Arguments.shown(argv).stream().map(CommandWords::quoted).toList());
  }

  private static String quoted(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''").replace('\n', ' ') + "'";
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  /** How it ended. */
  static String ended(CommandRun.Ended ended, CommandTimes times) {
    String left =
        ended.left() == 0
            ? ""
            : "; "
                + ended.left()
                + (ended.left() == 1 ? " process" : " processes")
                + " of it run on";
    if (ended.late()) {
      String limit = "did not end within " + seconds(times.run());
      return ended.status().isEmpty()
          ? limit
              + " and still exists after KILL: it waits in the kernel for a device or a file"
              + " system"
          : limit + " and was ended by TERM or KILL" + left;
    }
    return status(ended.status().orElse(0)) + left;
  }

  private static String status(int status) {
    return status > 128 && status <= 192
        ? "was ended by signal " + (status - 128)
        : "ended with exit status " + status;
  }
}
