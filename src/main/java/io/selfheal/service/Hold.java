package io.selfheal.service;

import java.time.Duration;

/** What this agent holds of one budget in one period, in millionths. */
final class Hold {
  /** After so long without use it is idle. */
  private static final long IDLE = Duration.ofSeconds(60).toNanos();

  /** What is used is told at least so often, and what was not to be had is asked for again. */
  private static final long PAUSE = Duration.ofSeconds(5).toNanos();

  private final BudgetKey key;
  private final long amount;
  private long granted;
  private long used;
  private long low = -1;
  private long largest;
  private long lacking;
  private boolean claimed;
  private long known;
  private long turn;
  private long told = -1;
  private long usedBefore;
  private long lookedAt;
  private long askedAt;
  private long usedAt;
  private boolean began;
  private boolean satisfied = true;
  private long free = -1;
  private long unused;
  private long elsewhere;
  private long shared;
  private int agents = 1;

  /**
   * @param granted what an earlier run was granted, as far as is known here
   */
  Hold(BudgetKey key, long amount, long granted) {
    this.key = key;
    this.amount = amount;
    this.granted = granted;
    this.shared = amount;
  }

  BudgetKey key() {
    return key;
  }

  long granted() {
    return granted;
  }

  /** As it is configured here. */
  long amount() {
    return amount;
  }

  /** What others have used, as far as is known; all that one holds that is not seen any more. */
  long elsewhere() {
    return elsewhere;
  }

  /** Whether it is known how the share stands. */
  boolean claimed() {
    return claimed;
  }

  /** The smallest amount that an agent has configured, as far as is known. */
  long shared() {
    return shared;
  }

  /** Says what is used; true when more should be asked for soon. */
  boolean used(long now) {
    largest = Math.max(largest, now - used);
    used = now;
    return satisfied && granted - used < low;
  }

  /** A cost was not covered; true when more should be asked for soon. */
  boolean lacks(long cost) {
    lacking = Math.max(lacking, cost);
    return satisfied;
  }

  /** Whether there may be enough of it, here or with others. */
  boolean mayCover(long cost) {
    return !claimed || satisfied || granted - used + free + unused >= cost;
  }

  /** What others hold was read again. */
  void seen(long nowFree, int nowAgents) {
    free = nowFree;
    agents = nowAgents;
  }

  /** Whether there is anything to ask or to tell; {@link #ask} then says what. */
  boolean due(long mark) {
    Slice slice = slice(mark);
    long want = slice.want();
    boolean late = mark - askedAt >= PAUSE;
    low = slice.low();
    return !claimed
        || want < granted
        || (want > granted && (satisfied || lacking > 0 || late))
        || used > granted
        || (used != told && late);
  }

  private Slice slice(long mark) {
    if (!began || used != usedBefore) {
      usedAt = mark;
    }
    double seconds = began ? Math.max(0.001, (mark - lookedAt) / 1e9) : 1;
    long fast = (long) (Math.max(0, used - usedBefore) / seconds * Slice.AHEAD_SECONDS);
    boolean idle = lacking == 0 && (used == 0 || mark - usedAt >= IDLE);
    return new Slice(shared, granted, used, fast, Math.max(largest, lacking), free, agents, idle);
  }

  /** Lets go of what is too much, and asks. */
  ShareAsk ask(long mark) {
    long want = Math.max(used, slice(mark).want());
    return ask(want, mark);
  }

  /** Gives back all that is not used. */
  ShareAsk giveBack(long mark) {
    return ask(used, mark);
  }

  private ShareAsk ask(long want, long mark) {
    // What is used more than it may be is used all the same.
    long keep = Math.max(used, Math.min(granted, want));
    granted = keep;
    lookedAt = mark;
    askedAt = mark;
    usedBefore = used;
    began = true;
    lacking = 0;
    turn++;
    return new ShareAsk(key, amount, keep, want, used, !claimed, known, turn);
  }

  /** Takes what was answered; false: the share was changed by somebody else. */
  boolean answered(ShareAsk asked, ShareAnswer answer) {
    if (!answer.valid()) {
      // If it was this run, a claim came late that was given up.
      boolean others = answer.turn() > turn && !answer.ours();
      claimed = false;
      // What it has not used may be somebody else's by now.
      granted = Math.min(granted, used);
      return !others;
    }
    claimed = true;
    known = answer.turn();
    turn = answer.turn();
    told = asked.used();
    granted = answer.granted();
    satisfied = granted >= asked.want();
    free = answer.free();
    unused = answer.unused();
    elsewhere = Math.max(0, answer.amount() - answer.free() - answer.granted() - answer.unused());
    shared = answer.amount();
    agents = answer.agents();
    return true;
  }

  /** The share is not there: the database has lost it. */
  void lost() {
    claimed = false;
    granted = Math.min(granted, used);
  }

  /** It begins anew, under another id, with what is used and no more. */
  void renew() {
    lost();
    known = 0;
    turn = 0;
    told = -1;
  }
}
