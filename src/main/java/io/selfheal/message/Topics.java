package io.selfheal.message;

/** Every published stream. */
public final class Topics {
  /** Every fact, in the order in which it was published on this agent. */
  public static final Topic<Event> EVENTS = new Topic<>("events", Event.class);

  /** The same facts, after the journal gave each its place. */
  public static final Topic<Recorded> RECORDED = new Topic<>("recorded", Recorded.class);

  private Topics() {}
}
