package io.selfheal.remedy;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The session that a command leads (setsid(2)): itself and all that it starts and that did not
 * begin a session of its own.
 *
 * @param leader its pid
 * @param startTicks when it started, see proc_pid_stat(5): tells it from a later one of that pid
 */
@SuppressWarnings("restricted")
record CommandSession(long leader, long startTicks) {
  static final int TERM = 15;
  static final int KILL = 9;

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Path PROC = Path.of("/proc");
  private static final MethodHandle KILLS =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  /** What {@code /proc/PID/stat} says of one process. */
  record Entry(long pid, char state, long group, long session, long startTicks) {
    boolean ended() {
      return state == 'Z' || state == 'X';
    }
  }

  /** The session of a process that was just started; empty when it is gone already. */
  static Optional<CommandSession> of(long leader) {
    return entry(leader).map(entry -> new CommandSession(leader, entry.startTicks()));
  }

  /**
   * The session that a command leads which was started with this in its environment; empty when
   * there is none. What the command started has the same environment, and may lead a session, too:
   * so the arguments are compared.
   */
  static Optional<CommandSession> marked(String variable, List<String> command) {
    return processes().stream()
        .filter(entry -> entry.pid() == entry.session() && !entry.ended())
        .filter(entry -> texts(entry.pid(), "environ").contains(variable))
        .filter(entry -> runs(texts(entry.pid(), "cmdline"), command))
        .map(entry -> new CommandSession(entry.pid(), entry.startTicks()))
        .findFirst();
  }

  /**
   * Whether these are the arguments of that command. Pure. For a script the kernel puts its
   * interpreter in front, and the full path in the place of its name.
   */
  static boolean runs(List<String> arguments, List<String> command) {
    int before = arguments.size() - command.size();
    if (before < 0 || before > 2) {
      return false;
    }
    String program = arguments.get(before);
    String name = command.getFirst();
    return (program.equals(name) || program.endsWith("/" + name))
        && arguments
            .subList(before + 1, arguments.size())
            .equals(command.subList(1, command.size()));
  }

  /** Those of it that live. */
  List<Entry> living() {
    List<Entry> all = processes();
    // Its number is taken as long as one of the session lives; another leader of that number means
    // that all of them are gone.
    boolean reused =
        all.stream().anyMatch(one -> one.pid() == leader && one.startTicks() != startTicks);
    return reused
        ? List.of()
        : all.stream().filter(one -> one.session() == leader && !one.ended()).toList();
  }

  /** Signals each of its process groups as a whole: what forks meanwhile is hit as well. */
  void signal(int signal) {
    living().stream()
        .map(Entry::group)
        .filter(group -> group > 1)
        .distinct()
        .forEach(group -> kill(-group, signal));
  }

  /**
   * Waits until none of it lives, and ends it when its time is over.
   *
   * @return whether it ended in time
   * @throws InterruptedException when the thread was interrupted; it is killed then, too
   */
  boolean awaitEnd(CommandTimes times) throws InterruptedException {
    try {
      if (gone(times.run())) {
        return true;
      }
      signal(TERM);
      gone(times.grace());
      signal(KILL);
      gone(times.gone());
      return false;
    } catch (InterruptedException hurry) {
      signal(KILL);
      throw hurry;
    }
  }

  private boolean gone(Duration within) throws InterruptedException {
    for (long waited = 0; waited < within.toMillis(); waited += LOOK.toMillis()) {
      if (living().isEmpty()) {
        return true;
      }
      Thread.sleep(LOOK);
    }
    return living().isEmpty();
  }

  private static void kill(long target, int signal) {
    try {
      int ignored = (int) KILLS.invokeExact((int) target, signal);
    } catch (Throwable bug) {
      throw new IllegalStateException("kill(2) could not be called", bug);
    }
  }

  private static List<Entry> processes() {
    String[] names = PROC.toFile().list((folder, name) -> Character.isDigit(name.charAt(0)));
    List<Entry> entries = new ArrayList<>();
    for (String name : names == null ? new String[0] : names) {
      entry(Long.parseLong(name)).ifPresent(entries::add);
    }
    return entries;
  }

  private static Optional<Entry> entry(long pid) {
    byte[] text = read(pid, "stat");
    return text == null
        ? Optional.empty()
        : parse(pid, new String(text, StandardCharsets.ISO_8859_1));
  }

  /** Pure. The name of the program may hold anything: the fields are counted from its end. */
  static Optional<Entry> parse(long pid, String text) {
    String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length < 20 || fields[0].length() != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Entry(
              pid,
              fields[0].charAt(0),
              Long.parseLong(fields[2]),
              Long.parseLong(fields[3]),
              Long.parseLong(fields[19])));
    } catch (NumberFormatException notOfThatForm) {
      return Optional.empty();
    }
  }

  private static List<String> texts(long pid, String file) {
    byte[] bytes = read(pid, file);
    String text = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    return text.isEmpty() ? List.of() : List.of(text.replaceFirst("\0$", "").split("\0", -1));
  }

  private static byte @Nullable [] read(long pid, String file) {
    try {
      return Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(file));
    } catch (IOException goneOrNotAllowed) {
      return null;
    }
  }
}
