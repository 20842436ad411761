package io.selfheal.message;

/** Who starts a worker. */
public enum Owner {
  /** This agent: {@code run: {command, instances}}. */
  AGENT,
  /** systemd: {@code match: {unit}}. */
  SYSTEMD,
  /** Somebody else; the agent can watch it and end it, not start it. */
  OTHER
}
