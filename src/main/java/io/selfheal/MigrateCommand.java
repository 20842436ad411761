package io.selfheal;

import io.selfheal.cli.Cli;
import io.selfheal.store.EmbeddedPostgres;
import io.selfheal.store.Migrations;
import io.selfheal.store.PostgresUrl;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate}: brings the schema up to this version, without starting the agent. */
@Command(
    name = "migrate",
    description = "Brings the agent's schema in PostgreSQL up to this version.",
    mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {
  private final Environment environment;

  @Option(names = "--config", paramLabel = "FILE", description = "Default: the one of run.")
  private @Nullable Path config;

  @Spec private @Nullable CommandSpec spec;

  MigrateCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    AgentConfig chosen =
        AgentConfig.load(environment.configFile(Optional.ofNullable(config)), environment);
    Optional<PostgresUrl> given = chosen.store().url();
    String report = given.isPresent() ? migrate(given.get()) : migrateEmbedded(chosen.dataDir());
    Objects.requireNonNull(spec).commandLine().getOut().println(report);
    return Cli.OK;
  }

  private static String migrateEmbedded(Path dataDir)
      throws InterruptedException, ExecutionException {
    EmbeddedPostgres postgres = EmbeddedPostgres.in(dataDir);
    boolean ran = postgres.running();
    try {
      return migrate(postgres.start());
    } finally {
      if (!ran) {
        postgres.stop();
      }
    }
  }

  private static String migrate(PostgresUrl url) throws InterruptedException, ExecutionException {
    Vertx vertx = Vertx.vertx();
    try {
      return new Migrations(vertx)
          .migrate(url)
          .map(report -> url + ": " + report)
          .toCompletionStage()
          .toCompletableFuture()
          .get();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get();
    }
  }
}
