package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import java.time.Duration;
import java.util.List;

/**
 * All processes of one worker together, gathered at one moment.
 *
 * @param doubt why these may not be all; empty when they are
 * @param bounded whether all that its processes ever started, seen or not, can be told from what
 *     others did: by the marks in its environment, or its unit's control group
 * @param living those that live, with those that a scan found just now
 * @param ended those that were seen to end
 * @param strays in words: what is not watched, lives, and may have a job from one that ended
 */
record Crew(
    String worker,
    String doubt,
    boolean bounded,
    List<Hand> living,
    List<Past> ended,
    List<String> strays) {
  /** Copies. */
  Crew {
    living = List.copyOf(living);
    ended = List.copyOf(ended);
    strays = List.copyOf(strays);
  }

  /**
   * A living process.
   *
   * @param own whether this agent started it, so that it is nobody else's child
   */
  record Hand(String name, ProcessIdentity process, boolean own) {}

  /**
   * A process that was seen to end.
   *
   * @param demise how it came to its end
   */
  record Past(String name, Duration startedAgo, Duration endedAgo, Demise demise) {
    /** One of whose end nothing is known. */
    Past(String name, Duration startedAgo, Duration endedAgo) {
      this(name, startedAgo, endedAgo, Demise.UNKNOWN);
    }
  }
}
