package io.selfheal.host;

import io.selfheal.message.HostSample.Disk;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oshi.software.os.OSFileStore;

/** Chooses the mounts that can run full. Pure. */
final class FileSystems {
  /** Read-only by nature, or not on any storage. */
  private static final Set<String> PSEUDO =
      Set.of(
          "autofs",
          "devtmpfs",
          "efivarfs",
          "erofs",
          "fuse.lxcfs",
          "fuse.portal",
          "iso9660",
          "nsfs",
          "ramfs",
          "squashfs",
          "udf");

  /** Where memory file systems belong to the system or to container engines. */
  private static final List<String> SYSTEM =
      List.of(
          "/dev",
          "/proc",
          "/run",
          "/sys",
          "/var/run",
          "/var/lib/containers",
          "/var/lib/docker",
          "/var/lib/kubelet");

  private static final String SHARED_MEMORY = "/dev/shm";

  private FileSystems() {}

  static List<Disk> sift(List<OSFileStore> stores) {
    return choose(stores.stream().filter(FileSystems::mayFill).map(FileSystems::disk).toList());
  }

  /** A memory file system that may only be read is some program's package, and full by nature. */
  private static boolean mayFill(OSFileStore store) {
    List<String> options = List.of(store.getOptions().split(",", -1));
    return !store.getType().equals("tmpfs") || !options.contains("ro");
  }

  /** A device that is mounted in several places is one disk, at its shortest mount. */
  static List<Disk> choose(List<Disk> mounted) {
    Map<String, Disk> chosen = new LinkedHashMap<>();
    mounted.stream()
        .filter(FileSystems::tells)
        .sorted(Comparator.comparingInt((Disk disk) -> disk.mount().length()))
        .forEach(disk -> chosen.putIfAbsent(identity(disk), disk));
    return chosen.values().stream().sorted(Comparator.comparing(Disk::mount)).toList();
  }

  private static String identity(Disk disk) {
    return disk.device().startsWith("/") ? disk.device() : disk.mount();
  }

  private static boolean tells(Disk disk) {
    if (disk.totalBytes() <= 0 || PSEUDO.contains(disk.type())) {
      return false;
    }
    return switch (disk.type()) {
      case "tmpfs" -> disk.mount().equals(SHARED_MEMORY) || !ofTheSystem(disk.mount());
      // Inside a container the root is an overlay; outside, overlays are the roots of containers.
      case "overlay" -> disk.mount().equals("/");
      default -> true;
    };
  }

  private static boolean ofTheSystem(String mount) {
    return SYSTEM.stream().anyMatch(top -> mount.equals(top) || mount.startsWith(top + "/"));
  }

  private static Disk disk(OSFileStore store) {
    boolean inodes = store.getTotalInodes() > 0;
    return new Disk(
        store.getMount(),
        store.getVolume(),
        store.getType(),
        store.getTotalSpace(),
        store.getUsableSpace(),
        inodes ? store.getTotalInodes() : -1,
        inodes ? store.getFreeInodes() : -1);
  }
}
