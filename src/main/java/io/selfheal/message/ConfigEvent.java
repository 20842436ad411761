package io.selfheal.message;

/** Changes of the configuration while the agent runs. */
public sealed interface ConfigEvent extends Event {
  /**
   * The rules were read anew, and are in force.
   *
   * @param file where they came from; empty when there is none
   * @param rules how many there are now
   */
  record Reloaded(String file, int rules) implements ConfigEvent {
    @Override
    public String subject() {
      return "config/rules";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }
}
