package io.selfheal.message;

/** What happens to the machine. */
public sealed interface HostEvent extends Event {
  @Override
  default String subject() {
    return Subject.HOST;
  }

  /** A reading of every collector. */
  record Sampled(HostSample host) implements HostEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }

    @Override
    public boolean sample() {
      return true;
    }
  }
}
