package io.selfheal.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param where the file with the line, or the environment variable
 * @param key the dotted path; empty for the whole file
 * @param cause what is wrong
 * @param hint what is allowed, or how to mend it; may be empty
 */
public record Problem(String where, String key, String cause, String hint) {
  @Override
  public String toString() {
    String subject = key.isEmpty() ? "" : " " + key + ":";
    return where + ":" + subject + " " + cause + (hint.isEmpty() ? "" : "; " + hint);
  }
}
