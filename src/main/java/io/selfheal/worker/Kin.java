package io.selfheal.worker;

import java.util.List;

/**
 * By what the descendants of a process can be told when it is gone and they have another parent.
 *
 * @param session the pid of its session's leader; 0 when not known
 * @param group its control group; empty when that says nothing, because it is shared with others
 */
record Kin(long session, String group) {
  /** Nothing is known. */
  static final Kin NONE = new Kin(0, "");

  /**
   * The control group that sets a process and its descendants apart: not that of all, not the
   * agent's own, and none of a person's login, where everything is that the person starts. Pure.
   *
   * @param paths its groups; the last is the unified hierarchy's
   * @param agent the agent's own
   */
  static String group(List<String> paths, List<String> agent) {
    return paths.reversed().stream()
        .filter(path -> !path.equals("/") && !path.contains("/user.slice/"))
        .filter(path -> !agent.contains(path))
        .findFirst()
        .orElse("");
  }
}
