package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with the stuck jobs of one source. Pure.
 *
 * @param effects those that there is a statement for
 * @param lacking what is missing to put jobs aside where their library has a place for them; null
 *     when nothing is, or when it has none
 */
record Able(Set<Effect> effects, @Nullable String lacking) {
  /** Copies the set. */
  Able {
    effects = Set.copyOf(effects);
  }

  /** Where nothing is missing. */
  Able(Set<Effect> effects) {
    this(effects, null);
  }

  /** How a job is put aside; leave: not at all. */
  Effect aside() {
    if (effects.contains(Effect.DEAD_LETTER)) {
      return Effect.DEAD_LETTER;
    }
    return effects.contains(Effect.FAIL) ? Effect.FAIL : Effect.LEAVE;
  }

  /** Why no job is put aside, to follow "for". */
  String why() {
    return lacking == null ? "its library has no place for such jobs" : lacking;
  }
}
