package io.selfheal.rule;

import io.selfheal.config.Section;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells two versions of a rule apart. */
final class Versions {
  private Versions() {}

  /** The beginning of a digest over what the rule says: enough to tell two versions apart. */
  static String of(Section section) {
    try {
      byte[] said = section.written().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(said);
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256", missing);
    }
  }
}
