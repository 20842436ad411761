package io.selfheal.symptom;

import io.selfheal.message.HostEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The triggers that the watched rules want, of which each exists once. What does not work is said
 * once in the log, and each time in the evidence: then the rule goes by the means alone.
 */
final class Triggers implements TriggerWatch.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);

  private final Context context;
  private final Consumer<HostEvent.Stalled> told;
  private final Map<Trigger, String> refusals = new HashMap<>();
  private final Set<String> said = new HashSet<>();
  private Set<Trigger> wanted = Set.of();
  private @Nullable TriggerWatch watch;
  private boolean broken;

  /**
   * @param context on which everything here happens
   * @param told is given what the kernel tells
   */
  Triggers(Context context, Consumer<HostEvent.Stalled> told) {
    this.context = context;
    this.told = told;
  }

  /** Opens what is newly wanted, closes what is no more, and tells who wants it what is refused. */
  void renew(Collection<Watched> watched) {
    List<Triggered> all =
        watched.stream()
            .map(Watched::detector)
            .filter(Triggered.class::isInstance)
            .map(Triggered.class::cast)
            .toList();
    Set<Trigger> now = new HashSet<>();
    all.forEach(each -> now.addAll(each.triggers()));
    if (!now.equals(wanted)) {
      wanted = Set.copyOf(now);
      refusals.keySet().retainAll(wanted);
      ask();
    }
    Map<Trigger, String> why = Map.copyOf(refusals);
    all.forEach(each -> each.refused(why));
  }

  private void ask() {
    try {
      watch = watch == null && !broken ? begin() : watch;
    } catch (IllegalStateException | LinkageError failure) {
      broken = true;
      LOG.warn("Pressure is read each second, and not told by the kernel: {}", failure.toString());
    }
    if (watch != null) {
      watch.want(wanted);
    } else {
      wanted.forEach(each -> refusals.put(each, "the agent cannot listen to it"));
    }
  }

  private TriggerWatch begin() {
    TriggerWatch begun = TriggerWatch.start(this);
    begun.ended().thenRun(() -> context.runOnContext(then -> ended()));
    return begun;
  }

  /** Asked to or not: from now on the means judge alone. */
  private void ended() {
    watch = null;
    broken = true;
    ask();
  }

  @Override
  public void stalled(Trigger trigger) {
    StallLimit limit = trigger.limit();
    HostEvent.Stalled stall =
        new HostEvent.Stalled(trigger.file().toString(), limit.stalled(), limit.window());
    context.runOnContext(then -> told.accept(stall));
  }

  @Override
  public void refused(Trigger trigger, int errno) {
    context.runOnContext(then -> noteRefusal(trigger, errno));
  }

  private void noteRefusal(Trigger trigger, int errno) {
    if (!wanted.contains(trigger)) {
      return;
    }
    String why = Refusal.words(trigger.file(), trigger.limit(), errno);
    refusals.put(trigger, why);
    // The process of a group may have ended since it was looked at; that is no news.
    boolean left = trigger.made() != 0 && Refusal.gone(errno);
    if (!left && said.add(errno + " " + trigger.limit().window())) {
      LOG.warn("Memory pressure is read each second, and not told by the kernel: {}", why);
    }
  }

  @Override
  public void gone(Trigger trigger) {
    LOG.debug("Control group {} is gone, and its trigger with it", trigger.file().getParent());
    context.runOnContext(
        then -> {
          if (wanted.contains(trigger)) {
            refusals.put(trigger, trigger.file() + " is not there any more");
          }
        });
  }

  /** Completes when all of them are closed. */
  Future<Void> close() {
    if (watch == null) {
      return Future.succeededFuture();
    }
    watch.close();
    return Future.fromCompletionStage(watch.ended(), context);
  }
}
