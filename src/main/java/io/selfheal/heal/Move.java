package io.selfheal.heal;

import java.util.List;

/** What a case is after an input, and what it wants done, in this order. */
record Move(Case next, List<Effect> effects) {
  Move {
    effects = List.copyOf(effects);
  }
}
