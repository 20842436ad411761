package io.selfheal.service;

/**
 * How a breaker stands to those of other agents on the same database: what it tells them, and what
 * it heard. Use it on one thread.
 */
final class Company {
  private boolean follows;
  private boolean restored;
  private boolean wasWell;
  private long wellAt;
  private int openElsewhere;

  /** It is as an earlier run left it: whether it was open only because of others is not known. */
  void restored() {
    restored = true;
  }

  /** It changed its state by itself, or a person changed it. */
  void moved() {
    follows = false;
    restored = false;
  }

  /** It opened, or not, because enough others have it open. */
  void followed(boolean open) {
    follows = open;
  }

  /** A call went well, or somebody knows that one would. */
  void well(long mark) {
    wasWell = true;
    wellAt = mark;
  }

  /** So many other agents have it open by their own experience. */
  void openElsewhere(int agents) {
    openElsewhere = agents;
  }

  int openElsewhere() {
    return openElsewhere;
  }

  /** Whether it is open only because others have it open. */
  boolean follows() {
    return follows;
  }

  /** Whether it is as it is by what calls told to this run. */
  boolean byItself() {
    return !follows && !restored;
  }

  /** Whether a call ever went well in this run. */
  boolean wasWell() {
    return wasWell;
  }

  /** The mark at which the last one did. */
  long wellAt() {
    return wellAt;
  }
}
