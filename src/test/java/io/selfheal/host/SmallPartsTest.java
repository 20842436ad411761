package io.selfheal.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.selfheal.message.HostSample.Disk;
import io.selfheal.message.HostSample.Load;
import io.selfheal.message.HostSample.Memory;
import io.selfheal.message.HostSample.Pressure;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parsing of load, memory, pressure, mounts, and the file that stays open. */
class SmallPartsTest {
  @Test
  void loadIsNoDataWhereThereIsNone() {
    assertEquals(
        new Reading.Data<>(new Load(1, 2, 3)), LoadCollector.parse(new double[] {1, 2, 3}));
    assertInstanceOf(Reading.None.class, LoadCollector.parse(new double[] {-1, -1, -1}));
  }

  @Test
  void memoryOfNothingIsAFailure() {
    assertEquals(new Reading.Data<>(new Memory(8, 4, 2, 1)), MemoryCollector.parse(8, 4, 2, 1));
    assertThrows(IllegalStateException.class, () -> MemoryCollector.parse(0, 0, 0, 0));
    assertThrows(IllegalStateException.class, () -> MemoryCollector.parse(8, 9, 0, 0));
  }

  @Test
  void pressureIsReadAsShares() {
    String text =
        """
        some avg10=12.50 avg60=1.00 avg300=2.02 total=41867383
        full avg10=2.00 avg60=0.50 avg300=0.00 total=0
        """;
    assertEquals(
        new Pressure("io", 0.125, 0.01, 0.02, 0.005), PressureStall.parse("io", Fields.of(text)));
  }

  @Test
  void pressureOfOlderKernelsHasNoFullLineForTheProcessor() {
    assertEquals(
        new Pressure("cpu", 0.5, 0.25, 0, 0),
        PressureStall.parse("cpu", Fields.of("some avg10=50.00 avg60=25.00 avg300=0 total=1\n")));
  }

  @Test
  void pressureInAnotherFormIsAFailure() {
    assertThrows(
        IllegalStateException.class, () -> PressureStall.parse("cpu", Fields.of("some avg9=1\n")));
    assertThrows(IllegalStateException.class, () -> PressureStall.parse("cpu", Fields.of("")));
  }

  private static Disk disk(String mount, String device, String type) {
    return new Disk(mount, device, type, 100, 50, -1, -1);
  }

  @Test
  void mountsThatCannotRunFullAreLeftOut() {
    Disk root = disk("/", "/dev/vda1", "ext4");
    Disk temporary = disk("/tmp", "tmpfs", "tmpfs");
    Disk shared = disk("/dev/shm", "tmpfs", "tmpfs");
    Disk small = disk("/var/small", "tmpfs", "tmpfs");
    Disk pool = disk("/tank", "tank/data", "zfs");
    assertEquals(
        List.of(root, shared, pool, temporary, small),
        FileSystems.choose(
            List.of(
                disk("/etc/hosts", "/dev/vda1", "ext4"),
                pool,
                temporary,
                shared,
                small,
                disk("/run", "tmpfs", "tmpfs"),
                disk("/run/user/1000", "tmpfs", "tmpfs"),
                disk("/var/lib/docker/containers/x/mounts/shm", "shm", "tmpfs"),
                disk("/snap/core/1", "/dev/loop0", "squashfs"),
                disk("/var/lib/docker/overlay2/x/merged", "overlay", "overlay"),
                new Disk("/empty", "/dev/vdb", "ext4", 0, 0, -1, -1),
                root)));
  }

  @Test
  void anOpenFileIsReadAgainFromItsStart(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("file");
    String large = "7 ".repeat(20_000);
    Files.writeString(path, large);
    try (KernelFile file = new KernelFile(path)) {
      Fields fields = file.read();
      assertEquals(7, fields.number());
      assertEquals(large.length() - 1, fields.rest().length());
      Files.writeString(path, "42\n");
      assertEquals(42, file.read().number());
    }
  }

  @Test
  void aFileThatComesLaterIsRead(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("file");
    try (KernelFile file = new KernelFile(path)) {
      assertThrows(FileNotFoundException.class, file::read);
      Files.writeString(path, "1 two three:4");
      Fields fields = file.read();
      assertEquals(1, fields.number());
      fields.skip(1);
      assertEquals("three", fields.word(':'));
      assertEquals(4, fields.number());
    }
  }
}
