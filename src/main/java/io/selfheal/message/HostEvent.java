package io.selfheal.message;

import java.time.Duration;

/** What happens to the machine. */
public sealed interface HostEvent extends Event {
  @Override
  default String subject() {
    return Subject.HOST;
  }

  /** From now on the host, or the agent on it, gets too little to tell slow from dead. */
  record Starved(String why) implements HostEvent {
    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** It gets enough again. */
  record Relieved() implements HostEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /**
   * The kernel told, by itself, that tasks waited.
   *
   * @param file where it keeps what they waited for, and which tasks: {@code
   *     /proc/pressure/memory}, or that of a control group
   * @param stalled for at least so long
   * @param window within this time
   */
  record Stalled(String file, Duration stalled, Duration window) implements HostEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }
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
