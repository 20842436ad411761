package io.selfheal.message;

/** The life of the agent itself. */
public sealed interface AgentEvent extends Event {
  /** The agent's name. */
  String agent();

  @Override
  default String subject() {
    return Subject.agent(agent());
  }

  @Override
  default Severity severity() {
    return Severity.INFO;
  }

  /** Everything is deployed. */
  record Started(String agent, String version, long pid) implements AgentEvent {}

  /** A stop was asked for. */
  record Stopping(String agent, String reason) implements AgentEvent {}
}
