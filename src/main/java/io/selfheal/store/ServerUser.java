package io.selfheal.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * As whom the server runs. PostgreSQL refuses to run as root. An ordinary user runs it directly;
 * root runs it in a user namespace of its own, where root's id means nobody, or, where the kernel
 * forbids that, as the user nobody with the files given to it.
 *
 * @param prefix what is put before each command
 * @param owner the numeric user to whom the files belong
 */
record ServerUser(List<String> prefix, int owner) {
  private static final int ROOT = 0;
  private static final int NOBODY = 65534;
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(10);
  private static final List<String> NAMESPACE = List.of("unshare", "--user", "--");
  private static final List<String> SET_USER =
      List.of(
          "setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--no-new-privs");

  /** Finds the way that works here; {@code home} must exist. */
  static ServerUser find(Path home) throws IOException, InterruptedException {
    int self = userId();
    if (self != ROOT) {
      return new ServerUser(List.of(), self);
    }
    String namespace = probe(NAMESPACE, home);
    if (namespace.isEmpty()) {
      return new ServerUser(NAMESPACE, ROOT);
    }
    String setUser = probe(SET_USER, home);
    if (setUser.isEmpty()) {
      return new ServerUser(SET_USER, NOBODY);
    }
    throw new StoreUnavailable(
        "run PostgreSQL, which refuses to run as root,",
        home,
        "`unshare --user` " + namespace + "; `setpriv --reuid` " + setUser,
        "install util-linux, run the agent as an ordinary user, or set database.url");
  }

  private static int userId() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  /** Empty when it works, else why not. */
  private static String probe(List<String> prefix, Path home) throws InterruptedException {
    Path output = home.resolve("probe.log");
    try {
      List<String> argv = new ArrayList<>(prefix);
      argv.add("/bin/true");
      Command.Result result =
          Command.run(argv, Path.of("/"), Path.of("/dev/null"), output, PROBE_LIMIT);
      return result.succeeded() ? "" : result.explained();
    } catch (IOException missing) {
      return "failed: " + missing.getMessage();
    }
  }

  /** The command as this user runs it. */
  List<String> command(List<String> argv) {
    return Stream.concat(prefix.stream(), argv.stream()).toList();
  }

  /**
   * Gives a tree to this user when it belongs to another: the way may have changed since the last
   * start. Only root can do that.
   */
  void own(Path tree) throws IOException {
    int present = (Integer) Files.getAttribute(tree, "unix:uid");
    if (present == owner) {
      return;
    }
    if (userId() != ROOT) {
      throw new StoreUnavailable(
          "use the embedded PostgreSQL",
          tree,
          "it belongs to user " + present + ", and the agent runs as user " + owner,
          "run the agent as that user, or: chown -R " + owner + " " + tree);
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      // The top comes last, so that a chown that was cut short is done again.
      paths.sorted((a, b) -> b.compareTo(a)).forEach(this::give);
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  private void give(Path path) {
    try {
      Files.setAttribute(path, "unix:uid", owner, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
