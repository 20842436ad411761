package io.selfheal.job;

import io.selfheal.message.JobRequests.Source;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Whether a source could be swept; for who asks while no agent runs. Changes nothing. */
public final class SourceCheck {
  private SourceCheck() {}

  /** The source with its problem or its advice, and without what only a sweeper knows. */
  public static Future<Source> of(SourceConfig config, Database database) {
    return new PgSource(config, database)
        .probe()
        .map(
            found ->
                switch (found) {
                  case Probed.Fit(Statements made) ->
                      source(config, made.advice(), null, made.lacking());
                  case Probed.Unfit(String why) -> source(config, null, why, null);
                })
        .otherwise(failure -> source(config, null, String.valueOf(failure.getMessage()), null));
  }

  private static Source source(
      SourceConfig config,
      @Nullable String advice,
      @Nullable String problem,
      @Nullable String lacking) {
    return new Source(
        config.name(),
        config.preset(),
        config.layout().table().toString(),
        null,
        null,
        null,
        null,
        null,
        0,
        advice,
        problem,
        null,
        config.unproven(),
        lacking,
        !config.layout().rescues());
  }
}
