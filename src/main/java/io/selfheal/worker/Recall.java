package io.selfheal.worker;

import io.selfheal.worker.Views.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this agent has learned of other places since it started, whether or not it is told so now.
 * Pure.
 *
 * <p>A view that grows old or is withdrawn says nothing of the processes in it: they may live on.
 * So what was once seen stays a doubt for as long as this agent runs, until a process is told to
 * have ended. That holds for views of agents that are silent since before this one started, too:
 * the first reading is without those of earlier boots of this machine ({@link Boots}), so an old
 * row is that of another place, whose workers may run without an agent beside them.
 *
 * @param home where this agent is: of what lives here it asks the kernel
 * @param begun when it began to wait for the first reading, on the forward clock; null when it
 *     shares with nobody
 * @param heard whether it has read
 * @param early the views of the first reading that are there as they were then, fresh or not
 * @param living processes elsewhere that were seen alive, and were not told to have ended
 * @param namesake the newest view from another place with this host's name; null when there was
 *     none
 * @param more whether there were more living ones than are kept
 */
record Recall(
    Place home,
    @Nullable Long begun,
    boolean heard,
    List<View> early,
    List<Told> living,
    @Nullable View namesake,
    boolean more) {
  /** How many processes are kept. */
  static final int MOST = 16_384;

  /**
   * So long a row that names this host waits for the first reading; one that names none waits until
   * it comes, or for its stuck_after.
   */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  Recall {
    early = List.copyOf(early);
    living = List.copyOf(living);
  }

  /** Of one that shares with nobody. */
  static Recall none(Place home) {
    return new Recall(home, null, false, List.of(), List.of(), null, false);
  }

  /** Of one that has read nothing yet, but will. */
  static Recall waiting(Place home, long now) {
    return new Recall(home, now, false, List.of(), List.of(), null, false);
  }

  /** What it is after one more reading. */
  Recall after(Views before, Views read) {
    if (!heard) {
      return new Recall(home, begun, true, elsewhere(read).toList(), living, namesake, more);
    }
    List<View> witnessed = witnessed(before, read);
    List<Told> all = merged(witnessed, read);
    return new Recall(
        home,
        begun,
        true,
        early.stream().filter(view -> unchanged(view, read)).toList(),
        all.subList(0, Math.min(MOST, all.size())),
        namesakes(witnessed.stream())
            .max(Comparator.comparing(View::seenAt))
            .map(Recall::bare)
            .orElse(namesake),
        more || all.size() > MOST);
  }

  private Stream<View> elsewhere(Views views) {
    return views.all().stream().filter(view -> !view.place().sharesPidsWith(home));
  }

  private Stream<View> namesakes(Stream<View> views) {
    return views.filter(view -> view.place().host().equalsIgnoreCase(home.host()));
  }

  /** Those of agents that published, or withdrew a fresh view, since the reading before. */
  private List<View> witnessed(Views before, Views read) {
    Stream<View> published =
        elsewhere(read)
            .filter(view -> read.fresh(view, read.mark()))
            .filter(view -> !unchanged(view, before));
    Stream<View> withdrawn =
        elsewhere(before)
            .filter(view -> before.fresh(view, before.mark()))
            .filter(view -> read.all().stream().noneMatch(one -> one.id().equals(view.id())));
    return Stream.concat(published, withdrawn).toList();
  }

  private static boolean unchanged(View view, Views views) {
    return views.all().stream()
        .anyMatch(one -> one.id().equals(view.id()) && one.seenAt().equals(view.seenAt()));
  }

  /** The living of now before those of earlier, each once; without those that have ended. */
  private List<Told> merged(List<View> witnessed, Views read) {
    List<Told> news = Views.told(read.fresh(read.mark())).toList();
    Set<List<Object>> seen = new HashSet<>();
    Set<List<Object>> gone = new HashSet<>();
    news.stream().filter(told -> !told.mention().living()).forEach(told -> gone.add(process(told)));
    List<Told> all = new ArrayList<>();
    Stream.concat(Views.told(witnessed.stream()), living.stream())
        .filter(told -> told.mention().living() && !gone.contains(process(told)))
        .filter(told -> seen.add(List.of(process(told), told.mention().instance())))
        .forEach(told -> all.add(new Told(bare(told.view()), told.mention())));
    return all;
  }

  private static List<Object> process(Told told) {
    return List.of(told.view().place().namespace(), told.mention().process());
  }

  /** Without its processes, which need not be kept twice. */
  private static View bare(View view) {
    return new View(
        view.id(), view.version(), view.agent(), view.place(), view.seenAt(), List.of());
  }

  /**
   * Why a holder that seems dead here may live elsewhere; empty when nothing speaks for it.
   *
   * @param host this host's name
   * @param endedHere whether this agent itself saw the process end that a row of this host means
   */
  Optional<String> doubt(Testimony testimony, String host, boolean endedHere) {
    boolean named = testimony.holder().host() != null;
    if (waits(testimony.now(), named, endedHere)) {
      return Optional.of("what other agents see could not be read since this one started");
    }
    Optional<String> lived =
        Stream.concat(living.stream(), Views.told(early.stream()))
            .filter(told -> !named || told.view().place().host().equalsIgnoreCase(host))
            .filter(told -> testimony.means(told) || testimony.meansAny(told))
            .filter(told -> named || testimony.sameWorker(told.mention()))
            .filter(told -> told.mention().living() && !testimony.another(told.mention()))
            .findFirst()
            .map(testimony::lived);
    if (lived.isPresent()) {
      return lived;
    }
    Optional<View> twin = twin();
    if (more && (!named || twin.isPresent())) {
      return Optional.of("other agents saw more living processes than this one keeps in mind");
    }
    return twin.filter(view -> named && !endedHere).map(testimony::sameName);
  }

  /** The view of an agent in another place with this host's name, of now or of earlier. */
  Optional<View> twin() {
    return Stream.concat(Stream.ofNullable(namesake), namesakes(early.stream())).findFirst();
  }

  private boolean waits(long now, boolean named, boolean endedHere) {
    if (begun == null || heard) {
      return false;
    }
    return !named || (!endedHere && now - begun <= PATIENCE.toNanos());
  }
}
