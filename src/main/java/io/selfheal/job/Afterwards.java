package io.selfheal.job;

import io.selfheal.job.Judgement.Cause;

/**
 * Says of a job that is given up where it is then, and how a person brings it back: it is not in
 * any list of the agent that could give it back, but where its library has it. Pure.
 */
final class Afterwards {
  private Afterwards() {}

  /** The same judgement, with that in its reason; once. */
  static Judgement told(Layout layout, Judgement judgement) {
    boolean givenUp =
        switch (judgement.effect()) {
          case FAIL, DEAD_LETTER -> true;
          case LEAVE -> judgement.cause() == Cause.POISON;
          case REQUEUE, RESUME -> false;
        };
    if (!givenUp) {
      return judgement;
    }
    String words = layout.afterwards(judgement.effect(), judgement.job().id());
    return words.isEmpty() || judgement.reason().endsWith(words)
        ? judgement
        : judgement.because(judgement.reason() + "; " + words);
  }

  /** An id for a statement to be copied; a placeholder for one that could not be printed. */
  static String literal(String id) {
    return id.chars().anyMatch(Character::isISOControl) ? "ID" : Sql.text(id);
  }
}
