package io.selfheal.remedy;

import io.selfheal.file.OpenFiles;
import java.util.Optional;

/** Whether enough is seen of who has which files open. */
final class Seeing {
  private Seeing() {}

  /** Why it is not; empty when it is. */
  static Optional<String> problem(OpenFiles held, ClearCache.Unseen unseen) {
    if (held.unseen() == 0 || unseen == ClearCache.Unseen.IGNORE) {
      return Optional.empty();
    }
    return Optional.of(
        "%d processes may not be looked into, so it cannot be known which files they have open; give the agent CAP_SYS_PTRACE, or write unseen: ignore where no other user's process uses these files"
            .formatted(held.unseen()));
  }
}
