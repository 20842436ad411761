package io.selfheal;

import io.selfheal.bus.Bus;
import io.selfheal.config.BadConfiguration;
import io.selfheal.message.AgentRequests;
import io.selfheal.message.AgentRequests.Flaw;
import io.selfheal.message.AgentRequests.Reloaded;
import io.selfheal.message.ConfigEvent;
import io.selfheal.rule.RuleBook;
import io.selfheal.rule.Rules;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rules anew, on SIGHUP and when asked: all come into force, or none if one is wrong. */
final class RuleReload extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RuleReload.class);

  private final Optional<Path> file;
  private final Kinds kinds;
  private final RuleBook book;
  private final Bus bus;
  private Bus.Subscription answering = Future::succeededFuture;

  RuleReload(Optional<Path> file, Kinds kinds, RuleBook book, Bus bus) {
    this.file = file;
    this.kinds = kinds;
    this.book = book;
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    answering = bus.answer(AgentRequests.RELOAD, asked -> vertx.executeBlocking(this::reload));
    return Future.succeededFuture();
  }

  /** Reads the file; from any thread, one at a time, so that the newest reading is in force. */
  synchronized Reloaded reload() {
    try {
      Rules rules = RuleFile.read(file, kinds);
      book.replace(rules);
      bus.publish(new ConfigEvent.Reloaded(rules.file(), rules.all().size()));
      LOG.info("Rules read anew from {}: {}", named(rules.file()), rules.all().size());
      return new Reloaded(rules.file(), rules.all().size(), List.of());
    } catch (BadConfiguration bad) {
      LOG.error("The rules stay as they are:\n{}", bad.getMessage());
      Rules kept = book.now();
      return new Reloaded(kept.file(), kept.all().size(), flaws(bad));
    }
  }

  private static String named(String file) {
    return file.isEmpty() ? "no file" : file;
  }

  private static List<Flaw> flaws(BadConfiguration bad) {
    return bad.problems().stream()
        .map(each -> new Flaw(each.where(), each.key(), each.cause(), each.hint()))
        .toList();
  }

  @Override
  public Future<?> stop() {
    return answering.cancel();
  }
}
