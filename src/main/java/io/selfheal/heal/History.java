package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Subject;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.BuiltIn;
import io.selfheal.rule.Guards;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What was done and seen lately, as far as guardrails count it. A pure value: everything that
 * changes it answers another one.
 *
 * <p>It is bounded: of one rule and subject the newest {@value #MOST} starts and heals are kept,
 * which is the most that any limit counts; of subjects with a new symptom likewise.
 *
 * @param starts of remedies, oldest first
 * @param heals that were verified, oldest first
 * @param openings the newest symptom of each subject
 * @param open incidents by id, those of this agent
 */
record History(
    Map<Key, List<Start>> starts,
    Map<Key, List<Moment>> heals,
    Map<String, Moment> openings,
    Map<String, Open> open) {
  /** No limit counts further. */
  static final int MOST = 1000;

  /** What a limit counts within when it has no period of its own. */
  static final Duration DAY = Duration.ofDays(1);

  private static final Duration LONGEST_STORM = Duration.ofHours(1);

  static final History EMPTY = new History(Map.of(), Map.of(), Map.of(), Map.of());

  History {
    starts = Map.copyOf(starts);
    heals = Map.copyOf(heals);
    openings = Map.copyOf(openings);
    open = Map.copyOf(open);
  }

  /** What most limits are counted for. */
  record Key(String rule, String subject) {}

  /** A remedy was started. */
  record Start(String remedy, Moment at) {}

  /**
   * An incident that matters to others.
   *
   * @param state one that a person has is kept for as long as its symptom is there
   */
  record Open(String incidentId, String rule, String subject, State state) {}

  /** Starts by one rule on one subject, oldest first. */
  List<Start> starts(String rule, String subject) {
    return starts.getOrDefault(new Key(rule, subject), List.of());
  }

  /** Heals by one rule of one subject, oldest first. */
  List<Moment> heals(String rule, String subject) {
    return heals.getOrDefault(new Key(rule, subject), List.of());
  }

  /** A remedy starts: its intent is on disk. */
  History started(String rule, String subject, Start start) {
    return new History(with(starts, new Key(rule, subject), start), heals, openings, open);
  }

  /** It turned out that nothing was done: it was put off, refused, or done already. */
  History notStarted(String rule, String subject, Start start) {
    Key key = new Key(rule, subject);
    List<Start> rest = new ArrayList<>(starts(rule, subject));
    rest.remove(start);
    return new History(replaced(starts, key, rest), heals, openings, open);
  }

  /** The newest start of a remedy turns out to have done nothing. */
  History notStarted(String rule, String subject, String remedy) {
    return starts(rule, subject).reversed().stream()
        .filter(start -> start.remedy().equals(remedy))
        .findFirst()
        .map(start -> notStarted(rule, subject, start))
        .orElse(this);
  }

  /** A remedy helped: the symptom was measured to be gone. */
  History healed(String rule, String subject, Moment at) {
    return new History(starts, with(heals, new Key(rule, subject), at), openings, open);
  }

  /** A symptom appeared, whether or not an incident is opened for it. */
  History appeared(String subject, Moment at) {
    Map<String, Moment> all = new HashMap<>(openings);
    all.put(subject, at);
    if (all.size() > MOST) {
      all.entrySet().stream()
          .max((one, other) -> at.since(one.getValue()).compareTo(at.since(other.getValue())))
          .ifPresent(oldest -> all.remove(oldest.getKey()));
    }
    return new History(starts, heals, all, open);
  }

  /** An incident is open, or stands otherwise than before. */
  History standing(Open incident) {
    Map<String, Open> all = new HashMap<>(open);
    all.put(incident.incidentId(), incident);
    return new History(starts, heals, openings, all);
  }

  /** An incident holds nothing any more. */
  History over(String incidentId) {
    Map<String, Open> rest = new HashMap<>(open);
    rest.remove(incidentId);
    return new History(starts, heals, openings, rest);
  }

  /** A process runs: what a person has about its slot, by a built-in rule, holds nothing. */
  History runs(WorkerEvent event) {
    String found = Subject.worker(event.worker() + "@");
    return without(
        one ->
            BuiltIn.named(one.rule()).isPresent()
                && (one.subject().equals(event.subject()) || one.subject().startsWith(found)));
  }

  /** An incident came to a good end: what a person has of the same holds nothing any more. */
  History settled(String rule, String subject) {
    return without(one -> one.rule().equals(rule) && one.subject().equals(subject));
  }

  private History without(Predicate<Open> settled) {
    Map<String, Open> rest = new HashMap<>(open);
    rest.values().removeIf(one -> one.state() == State.ESCALATED && settled.test(one));
    return new History(starts, heals, openings, rest);
  }

  /** A symptom is gone: an incident that a person has about it holds nothing any more. */
  History cleared(SymptomEvent.Cleared symptom) {
    return settled(symptom.rule(), symptom.subject());
  }

  /** Without what no limit of the rules in force counts any more. */
  History forgotten(Rules rules, Moment now) {
    Map<Key, List<Start>> kept = new HashMap<>();
    starts.forEach(
        (key, all) -> {
          int streak = rules.any(key.rule()).map(rule -> streak(rule, all, now)).orElse(0);
          Duration period =
              rules.any(key.rule()).map(Rule::guards).map(History::period).orElse(DAY);
          long within = all.stream().filter(start -> younger(start.at(), period, now)).count();
          kept.put(key, newest(all, (int) Math.max(streak, within)));
        });
    Map<Key, List<Moment>> cures = new HashMap<>();
    heals.forEach((key, all) -> cures.put(key, filtered(all, at -> younger(at, DAY, now))));
    Map<String, Moment> seen = new HashMap<>(openings);
    seen.values().removeIf(at -> !younger(at, LONGEST_STORM, now));
    kept.values().removeIf(List::isEmpty);
    cures.values().removeIf(List::isEmpty);
    return new History(kept, cures, seen, open);
  }

  private static int streak(Rule rule, List<Start> all, Moment now) {
    return Cooldown.streak(all, rule.guards(), now).size();
  }

  /** How far back its limits count; a day at least, for a rule may be changed. */
  static Duration period(Guards guards) {
    return longer(DAY, longer(guards.within(), guards.cooldown()));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static boolean younger(Moment at, Duration age, Moment now) {
    return now.since(at).compareTo(age) < 0;
  }

  private static <T> List<T> filtered(List<T> all, Predicate<T> kept) {
    return all.stream().filter(kept).toList();
  }

  private static <T> List<T> newest(List<T> all, int most) {
    return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
  }

  private static <T> Map<Key, List<T>> with(Map<Key, List<T>> before, Key key, T one) {
    List<T> all = new ArrayList<>(before.getOrDefault(key, List.of()));
    all.add(one);
    return replaced(before, key, newest(all, MOST));
  }

  private static <T> Map<Key, List<T>> replaced(Map<Key, List<T>> before, Key key, List<T> all) {
    Map<Key, List<T>> after = new HashMap<>(before);
    after.put(key, List.copyOf(all));
    return after;
  }
}
