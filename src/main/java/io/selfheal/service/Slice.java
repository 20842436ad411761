package io.selfheal.service;

/**
 * How much of a budget an agent should hold that shares it with others. Pure. All in millionths.
 *
 * <p>A few percent ahead of what it uses, more when it uses it fast. As less is left for all, each
 * leaves more to the others; one that uses nothing leaves nearly all.
 *
 * @param amount the budget
 * @param granted what it holds
 * @param used of that
 * @param fast what it used of late in {@link #AHEAD_SECONDS}
 * @param cost the most that one call of late may have cost, and more when one was refused for it
 * @param free what nobody holds; negative when that is not known
 * @param agents that hold a share of it and are seen, this one among them
 * @param idle it used nothing for a while
 */
record Slice(
    long amount,
    long granted,
    long used,
    long fast,
    long cost,
    long free,
    int agents,
    boolean idle) {
  /** It holds what it uses in this time. */
  static final int AHEAD_SECONDS = 5;

  /** A few percent. */
  private static final int LEAST_PART = 25;

  private static final int MOST_PART = 10;
  private static final int CRUMB_PART = 1000;

  /** What it should hold, the used part in it; what it holds when that is near enough. */
  long want() {
    long ahead = granted - used;
    long target = target();
    boolean few = ahead < (target + 1) / 2 || (!idle && ahead < cost);
    boolean many = ahead > 2 * target;
    return few || many ? used + target : granted;
  }

  /** With less than this ahead, more is to be asked for. */
  long low() {
    return target() / 2;
  }

  private long target() {
    long needed =
        Math.max(Math.clamp(fast, amount / LEAST_PART, amount / MOST_PART), idle ? 0 : cost);
    if (free < 0 || agents <= 1) {
      return needed;
    }
    long spare = free + Math.max(0, granted - used);
    if (idle) {
      return Math.min(needed, spare / (8L * agents));
    }
    long crumb = Math.max(amount / CRUMB_PART, cost);
    return Math.max(Math.min(needed, spare / (2L * agents)), Math.min(needed, crumb));
  }
}
