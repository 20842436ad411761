package io.selfheal;

import io.selfheal.cli.Finding;
import io.selfheal.worker.KernelCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the agent needs of the machine and of its files. Reads only. */
final class HostChecks {
  private static final int LEAST_JDK = 25;
  private static final long MEBIBYTE = 1L << 20;

  /** Below, the spool cannot take the events of an outage. */
  private static final long LEAST_SPACE = 64 * MEBIBYTE;

  /** The embedded PostgreSQL, and the spool at its default limit. */
  private static final long GOOD_SPACE = 512 * MEBIBYTE;

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup/cgroup.controllers");
  private static final Path OLD_MEMORY = Path.of("/sys/fs/cgroup/memory/memory.oom_control");
  private static final Path PRESSURE = Path.of("/proc/pressure/cpu");
  private static final String DATA = "data directory";

  private HostChecks() {}

  /** The JDK and the kernel. */
  static List<Finding> machine() {
    List<Finding> findings = new ArrayList<>();
    Runtime.Version java = Runtime.version();
    String jdk = "Java " + java + " in " + System.getProperty("java.home");
    findings.add(
        java.feature() >= LEAST_JDK
            ? Finding.ok("JDK", jdk)
            : Finding.fail("JDK", jdk, "install a JDK 25 or later, or set JAVA_HOME to one"));
    String pidfd = KernelCheck.pidfdProblem();
    findings.add(
        pidfd.isEmpty()
            ? Finding.ok("pidfd", "deaths are told by the kernel at once")
            : Finding.warn("pidfd", pidfd, "use Linux 5.3 or later, and allow pidfd_open"));
    findings.add(groups());
    findings.add(
        Files.isReadable(PRESSURE)
            ? Finding.ok("pressure", "this kernel tells of starvation")
            : Finding.warn(
                "pressure", "this kernel does not tell of starvation", "boot with psi=1"));
    return findings;
  }

  private static Finding groups() {
    if (Files.isReadable(CGROUPS)) {
      return Finding.ok("control groups", "version 2, mounted at /sys/fs/cgroup");
    }
    if (Files.isReadable(OLD_MEMORY)) {
      return Finding.ok("control groups", "version 1, with the controller of memory");
    }
    return Finding.warn(
        "control groups",
        "not mounted at /sys/fs/cgroup: kills for want of memory are not told apart",
        "mount them, or boot with systemd.unified_cgroup_hierarchy=1");
  }

  /** The data directory and the token in it. */
  static List<Finding> files(Path dataDir) {
    if (!Files.isDirectory(dataDir)) {
      return List.of(absent(dataDir));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(space(dataDir));
    Path token = dataDir.resolve("token");
    findings.add(
        Files.exists(token)
            ? token(token)
            : Finding.ok("token", "not there yet: the first start makes it"));
    return findings;
  }

  private static Finding absent(Path dataDir) {
    Path parent = dataDir.toAbsolutePath().getParent();
    while (parent != null && !Files.exists(parent)) {
      parent = parent.getParent();
    }
    boolean possible = parent != null && Files.isDirectory(parent) && Files.isWritable(parent);
    return possible
        ? Finding.ok(DATA, dataDir + " is not there yet: the first start makes it")
        : Finding.fail(
            DATA,
            dataDir + " is not there and cannot be made in " + parent,
            "make it as root and give it to the agent's user, or set agent.data_dir");
  }

  private static Finding space(Path dataDir) {
    try {
      String owner = Files.getOwner(dataDir).getName();
      if (!Files.isWritable(dataDir)) {
        return Finding.fail(
            DATA,
            dataDir + " belongs to " + owner + " and is not writable for this user",
            "run this, and the agent, as " + owner + ", or set agent.data_dir");
      }
      long free = Files.getFileStore(dataDir).getUsableSpace();
      String what = "%s, writable, %d MiB free".formatted(dataDir, free / MEBIBYTE);
      String mend = "make room there, or set agent.data_dir";
      if (free < LEAST_SPACE) {
        return Finding.fail(DATA, what, mend);
      }
      return free < GOOD_SPACE ? Finding.warn(DATA, what, mend) : Finding.ok(DATA, what);
    } catch (IOException failure) {
      return Finding.fail(DATA, dataDir + " cannot be looked at: " + failure, "");
    }
  }

  private static Finding token(Path token) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(token);
      String what = token + " has the mode " + PosixFilePermissions.toString(mode);
      boolean secret = mode.equals(PosixFilePermissions.fromString("rw-------"));
      if (!secret) {
        return Finding.fail(
            "token", what + ": others may have read it", "delete it and restart the agent");
      }
      return Files.isReadable(token)
          ? Finding.ok("token", what)
          : Finding.warn("token", what + ", not readable for this user", "run as the agent's user");
    } catch (IOException failure) {
      return Finding.fail("token", token + " cannot be looked at: " + failure, "");
    }
  }
}
