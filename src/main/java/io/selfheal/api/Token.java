package io.selfheal.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The secret of 256 bits that changing calls show; kept in the file {@code token}. */
final class Token {
  private static final Logger LOG = LoggerFactory.getLogger(Token.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
  private static final String SCHEME = "bearer ";

  private final byte[] secret;

  private Token(String secret) {
    this.secret = secret.getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads the token of a data directory, or makes one. Blocks. */
  static Token in(Path dataDir) throws IOException {
    Files.createDirectories(dataDir);
    Path file = dataDir.resolve("token");
    if (!Files.exists(file)) {
      create(file);
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    if (!FORM.matcher(text).matches()) {
      throw new IOException(
          file + " is not a token of 64 hex digits; delete it and start again to get a new one");
    }
    if (!Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
      LOG.warn(
          "{} could be read by others; its mode is 0600 now. If someone may have read it, delete it"
              + " and restart to get a new one",
          file);
    }
    return new Token(text);
  }

  /** Whether an Authorization header shows it; takes the same time for every wrong one. */
  boolean shownBy(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    String shown = authorization.substring(SCHEME.length()).strip();
    return MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), secret);
  }

  /**
   * Written elsewhere and then linked: nobody ever reads half a token, and of two agents that start
   * at once both read the same.
   */
  private static void create(Path file) throws IOException {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    Path draft =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            "token",
            ".new",
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        String line = HexFormat.of().formatHex(random) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.createLink(file, draft);
      LOG.info("Made the token for changing calls: {}", file);
    } catch (FileAlreadyExistsException madeByAnother) {
      LOG.debug("{} was made by another agent meanwhile", file, madeByAnother);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
