package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.selfheal.config.Secret;
import io.selfheal.store.PostgresUrl;
import java.util.Arrays;

/** A role of its own in the database of a rig, which may do nothing there until it is granted. */
final class Sweeper implements AutoCloseable {
  private final Rig owner;
  private final String role;

  Sweeper(Rig owner, String name) {
    this.owner = owner;
    this.role = name + "_sweeper_" + ProcessHandle.current().pid();
    owner.sql("CREATE ROLE " + role + " LOGIN PASSWORD 'sweep'");
  }

  String role() {
    return role;
  }

  PostgresUrl url() {
    return new PostgresUrl(
        owner.url.host(),
        owner.url.port(),
        owner.url.database(),
        role,
        new Secret("sweep"),
        owner.url.sslMode(),
        owner.url.options());
  }

  /** Runs all that the problem of the rig's source says to run, until there is none; answers it. */
  String grantAll(Rig rig) {
    String problem = rig.tick().source().problem();
    assertNotNull(problem);
    grant(problem);
    assertNull(rig.tick().source().problem());
    return problem;
  }

  /** Runs all that a text says to run. */
  void grant(String problem) {
    Arrays.stream(problem.split("; ", -1))
        .filter(part -> part.startsWith("run: "))
        .forEach(part -> owner.sql(part.substring("run: ".length())));
  }

  @Override
  public void close() {
    owner.sql("DROP OWNED BY " + role).sql("DROP ROLE " + role);
  }
}
