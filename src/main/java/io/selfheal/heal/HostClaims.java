package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Wait;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this agent's rules act on, among the agents of this host: at most one of them acts on a
 * thing at a time, from its first remedy until its incident is over. All share one file, in which
 * each thing has a byte of its own (by a hash of its name) that is locked: the kernel frees it when
 * an agent dies, and nothing is left to tidy up. Asking does not block.
 *
 * <p>Weaknesses: agents of different users do not see each other, and neither do agents in
 * containers with directories of their own. One that hangs without dying keeps what it has, and a
 * command of one that was killed may still run when another begins. A source or a service is known
 * by its name: agents with different databases that call one alike wait for each other, though they
 * need not.
 */
public final class HostClaims implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostClaims.class);

  private final List<Path> places;
  private final Map<String, Claim> held = new HashMap<>();
  private @Nullable FileChannel channel;
  private @Nullable String problem;

  private record Claim(FileLock lock, Set<String> incidents) {}

  /**
   * @param places directories, of which the first that can be used is
   */
  HostClaims(List<Path> places) {
    this.places = List.copyOf(places);
  }

  /**
   * Those of this host: in {@code /run/lock}, else in the directory for what is temporary.
   *
   * @param temporary such as {@code /tmp}
   */
  public static HostClaims ofThisHost(Path temporary) {
    return new HostClaims(List.of(Path.of("/run/lock"), temporary));
  }

  /** Takes a thing for an incident, or keeps it; waits while another agent has it. */
  Ruling take(String what, String incident) {
    Claim before = held.get(what);
    if (before != null) {
      before.incidents().add(incident);
      return free();
    }
    FileChannel open = open();
    if (open == null) {
      return new Allowed("whether another agent of this host acts is not known: " + problem);
    }
    try {
      FileLock lock = open.tryLock(position(what), 1, false);
      if (lock == null) {
        return taken();
      }
      held.put(what, new Claim(lock, new HashSet<>(Set.of(incident))));
      return free();
    } catch (OverlappingFileLockException anotherOfThisProcess) {
      return taken();
    } catch (IOException failure) {
      return new Allowed("whether another agent of this host acts is not known: " + failure);
    }
  }

  private static Ruling free() {
    return new Allowed("no other agent of this host acts on it");
  }

  private static Ruling taken() {
    return new Wait(null, "another agent of this host acts on it");
  }

  /** The incident is over: others may have what it had. */
  void release(String incident) {
    held.values().removeIf(claim -> claim.incidents().remove(incident) && freed(claim, incident));
  }

  private static boolean freed(Claim claim, String incident) {
    if (!claim.incidents().isEmpty()) {
      return false;
    }
    try {
      claim.lock().release();
    } catch (IOException failure) {
      LOG.warn("What incident {} acted on stays locked until the agent ends", incident, failure);
    }
    return true;
  }

  private @Nullable FileChannel open() {
    if (channel != null || problem != null) {
      return channel;
    }
    StringBuilder why = new StringBuilder();
    for (Path place : places) {
      try {
        channel = open(place);
        return channel;
      } catch (IOException unusable) {
        why.append(why.isEmpty() ? "" : "; ").append(unusable);
      }
    }
    problem = why.toString();
    LOG.warn("Whether another agent of this host acts on the same is not known: {}", problem);
    return null;
  }

  /** It is never written to. One that another user has laid there is not used. */
  private static FileChannel open(Path place) throws IOException {
    UserPrincipal own = Files.getOwner(Path.of("/proc/self"));
    String user = own.getName().replaceAll("[^A-Za-z0-9._-]", "_");
    Path file = place.resolve("selfheal-" + user + ".lock");
    FileChannel open =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    if (!Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(own)) {
      open.close();
      throw new IOException(file + " belongs to another user");
    }
    return open;
  }

  /** Two things share a byte once in four billion billions. */
  private static long position(String what) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(sum).getLong() >>> 2;
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException("every Java has SHA-256", never);
    }
  }

  @Override
  public void close() {
    held.clear();
    FileChannel open = channel;
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (IOException failure) {
      LOG.warn("The file of what the agents act on cannot be closed", failure);
    }
  }
}
