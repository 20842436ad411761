package io.selfheal.rule;

/** The rules in force. They are replaced as a whole, or not at all. Safe from any thread. */
public final class RuleBook {
  private volatile Rules rules;

  /** With the rules of the start. */
  public RuleBook(Rules rules) {
    this.rules = rules;
  }

  /** The rules in force now. */
  public Rules now() {
    return rules;
  }

  /** From now on these. */
  public void replace(Rules next) {
    rules = next;
  }
}
