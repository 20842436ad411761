package io.selfheal.worker;

import static io.selfheal.message.Verdict.Ruling.ALIVE;
import static io.selfheal.message.Verdict.Ruling.DEAD;
import static io.selfheal.message.Verdict.Ruling.UNKNOWN;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.worker.Views.Told;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Holder → verdict, where other agents have a say: the holder is on their host, or could be,
 * because the row names none or two machines have that name. Pure. {@link Judge} says what is known
 * here.
 *
 * <p>A view tells of a moment that is past. That a process lived then keeps its job where it is;
 * that it was gone then proves something only of jobs that were taken before, and when a job was
 * taken is not what its row says but since when this agent has known of it. And a view that is too
 * old, or gone, proves nothing: what {@link Recall} keeps of it remains a doubt.
 */
final class Abroad {
  private Abroad() {}

  static Verdict judge(Holder holder, Evidence evidence, Views views) {
    String host = holder.host();
    if (host == null || host.equalsIgnoreCase(evidence.host())) {
      return here(holder, Judge.judge(holder, evidence), evidence, views);
    }
    Testimony testimony = new Testimony(holder, views, evidence.mark());
    List<View> named = views.of(host);
    List<View> fresh = named.stream().filter(view -> views.fresh(view, evidence.mark())).toList();
    if (!fresh.isEmpty()) {
      return there(host, testimony, fresh, named);
    }
    return newest(named)
        .map(view -> Verdict.of(UNKNOWN, stale(host, testimony.source(view))))
        .orElseGet(() -> Judge.judge(holder, evidence));
  }

  private static Optional<View> newest(List<View> views) {
    return views.stream().max(Comparator.comparing(View::seenAt));
  }

  private static String stale(String host, String source) {
    return "the row names host %s, and the newest view from there is too old to tell anything: %s"
        .formatted(host, source);
  }

  /**
   * The host is another one, and at least one agent there tells what it sees now. An agent in
   * another place of that name that is silent is a doubt, too: its workers may live on.
   */
  private static Verdict there(
      String host, Testimony testimony, List<View> fresh, List<View> named) {
    List<Told> meant = Views.told(fresh.stream()).filter(testimony::means).toList();
    Optional<Verdict> lives = testimony.lives(meant);
    if (lives.isPresent()) {
      return lives.get();
    }
    if (!onePlace(named)) {
      return Verdict.of(
          UNKNOWN,
          "agents in several places say that their host is %s (%s), and none of them sees the holder alive"
              .formatted(host, testimony.sources(named)));
    }
    return meant.stream()
        .map(new Departure(testimony)::of)
        .min(Comparator.comparing(Verdict::ruling))
        .orElseGet(
            () ->
                Verdict.of(
                    UNKNOWN,
                    "%s sees no %s among the workers of host %s"
                        .formatted(testimony.sources(fresh), testimony.who(), host)));
  }

  private static boolean onePlace(List<View> views) {
    Place first = views.getFirst().place();
    return views.stream().allMatch(view -> view.place().sharesPidsWith(first));
  }

  /**
   * The row names this host, or none. What lives here keeps its job; what does not may be a process
   * elsewhere.
   */
  private static Verdict here(Holder holder, Verdict here, Evidence evidence, Views views) {
    if (here.ruling() == ALIVE) {
      return here;
    }
    boolean named = holder.host() != null;
    Testimony testimony = new Testimony(holder, views, evidence.mark());
    List<View> others =
        views
            .fresh(evidence.mark())
            .filter(view -> !named || view.place().host().equalsIgnoreCase(evidence.host()))
            .toList();
    Optional<Verdict> lives =
        testimony.lives(
            Views.told(others.stream())
                .filter(told -> testimony.means(told) || testimony.meansAny(told))
                .filter(told -> named || testimony.sameWorker(told.mention()))
                .filter(told -> !seenHere(told, holder, evidence, views.home()))
                .toList());
    if (named && lives.filter(verdict -> verdict.ruling() == ALIVE).isPresent()) {
      return lives.get();
    }
    if (here.ruling() != DEAD) {
      return lives.isPresent() ? here.open() : here;
    }
    if (lives.isPresent()) {
      return doubt(here, lives.get().evidence().getFirst());
    }
    boolean ended = EndSeen.of(holder, evidence);
    return others.stream()
        .filter(view -> named && !ended && !view.place().sharesPidsWith(views.home()))
        .findFirst()
        .map(testimony::sameName)
        .or(() -> views.recall().doubt(testimony, evidence.host(), ended))
        .map(why -> doubt(here, why))
        .orElse(here);
  }

  private static Verdict doubt(Verdict here, String why) {
    return Verdict.of(UNKNOWN, here.evidence().getFirst() + "; but " + why);
  }

  /**
   * Whether this agent itself knows better: the other one is in the same place, and either only the
   * pid is meant, for which the kernel was asked just now, or that very process was seen to end, or
   * is among those of the worker that were judged here.
   */
  private static boolean seenHere(Told told, Holder holder, Evidence evidence, Place home) {
    if (!told.view().place().sharesPidsWith(home)) {
      return false;
    }
    ProcessIdentity process = told.mention().process();
    Filled slot = evidence.instances().get(told.mention().instance());
    Crew crew = evidence.crews().get(told.mention().worker());
    return holder.pid().isPresent()
        || evidence.ended(process.pid(), process.startTicks()).isPresent()
        || (slot != null && slot.endedAgo() != null && slot.process().equals(process))
        || (holder.instance() == null
            && crew != null
            && crew.living().stream().anyMatch(one -> one.process().equals(process)));
  }
}
