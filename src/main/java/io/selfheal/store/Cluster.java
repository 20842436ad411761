package io.selfheal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The data directory of the embedded server: made once, whole or not at all. It is prepared under
 * another name, with its database, and then renamed; one that was cut short is thrown away.
 */
record Cluster(Path home, Path programs, ServerUser user, ServerSettings settings) {
  static final String NAME = "selfheal";

  private static final String PREPARE = "prepare the embedded PostgreSQL";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int PASSWORD_BYTES = 32;
  private static final String INCLUDED = "selfheal.conf";

  /** Where the data is, once made. */
  Path data() {
    return home.resolve("data");
  }

  private Path passwordFile() {
    return home.resolve("password");
  }

  /** The password of {@link #NAME}, made at the first start. */
  String password() throws IOException {
    if (!Files.exists(passwordFile())) {
      throw new StoreUnavailable(
          "log in to the embedded PostgreSQL",
          passwordFile(),
          "the file with its password is gone",
          "bring it back, or move " + data() + " away to begin with an empty database");
    }
    return Files.readString(passwordFile()).strip();
  }

  /** Makes the data directory when there is none. */
  void prepare() throws IOException, InterruptedException {
    if (Files.exists(data())) {
      checkVersion();
      user.own(data());
      return;
    }
    makePassword();
    Path unfinished = home.resolve("data.new");
    Trees.delete(unfinished);
    Files.createDirectory(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    user.own(unfinished);
    user.own(passwordFile());
    initialise(unfinished);
    createDatabase(unfinished);
    Files.writeString(
        unfinished.resolve("postgresql.conf"),
        "\n\ninclude_if_exists = '" + INCLUDED + "'\n",
        StandardOpenOption.APPEND);
    Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Writes the settings of this start. */
  void configure(int port) throws IOException {
    Path file = data().resolve(INCLUDED);
    Path fresh = data().resolve(INCLUDED + ".new");
    Files.writeString(fresh, settings.text(port));
    user.own(fresh);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void checkVersion() throws IOException {
    String data = Files.readString(data().resolve("PG_VERSION")).strip();
    String known;
    try (var lines = Files.lines(programs.resolve("share/postgresql/postgres.bki"))) {
      known = lines.findFirst().orElse("").replaceAll("[^0-9]", "");
    }
    if (!known.equals(data)) {
      throw new StoreUnavailable(
          "use the embedded PostgreSQL",
          data(),
          "its data is of version " + data + ", and the programs are of version " + known,
          "dump it with the agent that made it, or move it away to begin with an empty database");
    }
  }

  private void makePassword() throws IOException {
    if (Files.exists(passwordFile())) {
      return;
    }
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    Path fresh = home.resolve("password.new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    Files.move(fresh, passwordFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  private void initialise(Path unfinished) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>();
    argv.add(programs.resolve("bin/initdb").toString());
    argv.addAll(List.of("--pgdata=" + unfinished, "--username=" + NAME));
    argv.addAll(List.of("--pwfile=" + passwordFile(), "--auth=scram-sha-256"));
    argv.addAll(List.of("--encoding=UTF8", "--no-locale"));
    if (!settings.durable()) {
      argv.add("--no-sync");
    }
    run(argv, Path.of("/dev/null"));
  }

  /** In single-user mode: it needs no server, no port and no password. */
  private void createDatabase(Path unfinished) throws IOException, InterruptedException {
    Path statement = home.resolve("create.sql");
    Files.writeString(statement, "CREATE DATABASE " + NAME + "\n");
    String program = programs.resolve("bin/postgres").toString();
    run(List.of(program, "--single", "-D", unfinished.toString(), "postgres"), statement);
    Files.delete(statement);
  }

  private void run(List<String> argv, Path input) throws IOException, InterruptedException {
    Command.Result result =
        Command.run(user.command(argv), home, input, home.resolve("command.log"), LIMIT);
    if (!result.succeeded()) {
      throw new StoreUnavailable(
          PREPARE,
          home,
          argv.getFirst() + " " + result.explained(),
          "about 120 MiB must be free there, and user "
              + user.owner()
              + " must be able to enter every directory above it (chmod o+x)");
    }
  }
}
