package io.selfheal.job;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether rescues are held back. Pure; marks are of the forward clock, so that a clock which jumps
 * does not matter.
 *
 * <p>A rescue that rests on silence or age is a guess. It is held back while there is any {@link
 * Trouble}, and until the trouble has been quiet for its rest. What lasts as long as {@code
 * longest} without an end although it may be outlived is believed: six workers of another machine
 * may really be dead, and their jobs must not wait for ever.
 *
 * <p>A rescue that rests on proof is no guess. It is held back only from a suspension of the agent
 * until the next look that came in time.
 */
record Brake(Map<Trouble, Spell> spells, Duration longest) {
  /** Nothing is wrong yet. */
  static Brake released(Duration longest) {
    return new Brake(Map.of(), longest);
  }

  /** Copies the map. */
  Brake {
    spells = Map.copyOf(spells);
  }

  /**
   * One trouble, from when it was first seen.
   *
   * @param why in words for an operator
   * @param last the mark at which it was last seen
   * @param over whether it was looked for since, and not seen
   */
  record Spell(String why, long since, long last, boolean over) {}

  /** A trouble is seen. */
  Brake seen(Trouble trouble, String why, long now) {
    Spell before = spells.get(trouble);
    boolean goesOn = before != null && (!before.over() || holds(trouble, before, now));
    long since = before != null && goesOn ? before.since() : now;
    return with(trouble, new Spell(why, since, now, false));
  }

  /** A trouble was looked for, and is not there. */
  Brake gone(Trouble trouble, long now) {
    Spell before = spells.get(trouble);
    if (before == null || before.over()) {
      return this;
    }
    if (!holds(trouble, before, now)) {
      Map<Trouble, Spell> others = new EnumMap<>(spells);
      others.remove(trouble);
      return new Brake(others, longest);
    }
    return with(trouble, new Spell(before.why(), before.since(), before.last(), true));
  }

  private Brake with(Trouble trouble, Spell spell) {
    Map<Trouble, Spell> next = new EnumMap<>(Trouble.class);
    next.putAll(spells);
    next.put(trouble, spell);
    return new Brake(next, longest);
  }

  /** Why guesses are held back; empty when they may act. */
  Optional<String> guesses(long now) {
    for (Trouble trouble : Trouble.values()) {
      Spell spell = spells.get(trouble);
      if (spell != null && holds(trouble, spell, now)) {
        return Optional.of(spell.over() ? spell.why() + rest(trouble) : spell.why());
      }
    }
    return Optional.empty();
  }

  /** Why even proofs are held back; empty when they may act. */
  Optional<String> proofs() {
    Spell starved = spells.get(Trouble.STARVED);
    return starved == null || starved.over()
        ? Optional.empty()
        : Optional.of(starved.why() + "; a look that comes in time is awaited");
  }

  private boolean holds(Trouble trouble, Spell spell, long now) {
    if (spell.over()) {
      return passed(spell.last(), now).compareTo(trouble.rest()) < 0;
    }
    return !trouble.outlived() || passed(spell.since(), now).compareTo(longest) < 0;
  }

  private static Duration passed(long mark, long now) {
    return Duration.ofNanos(now - mark);
  }

  private static String rest(Trouble trouble) {
    return "; it must be quiet for " + Ages.text(trouble.rest());
  }
}
