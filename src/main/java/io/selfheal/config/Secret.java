package io.selfheal.config;

/** A text that never prints itself. */
public final class Secret {
  /** What is shown in its place. */
  public static final String MASK = "***";

  private final String value;

  /** Wraps it. */
  public Secret(String value) {
    this.value = value;
  }

  /** The text itself; only where it is used, never in a message. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && value.equals(secret.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return MASK;
  }
}
