package io.selfheal.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class ProcParsersTest {
  private static final String REST =
      " S 1 4711 4700 0 -1 4194304 99 7 0 0 70 30 0 0 20 0 3 0 160686 3133440 414"
          + " 18446744073709551615 1 1 0 0 0 0 0 4096 1256 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 9\n";

  @Property
  void anyNameLeavesTheFieldsInPlace(
      @ForAll @StringLength(max = 15) @CharRange(from = ' ', to = '~') String name) {
    ProcStat stat = ProcStat.parse("4711 (" + name + ")" + REST).orElseThrow();
    assertEquals(new ProcStat(4711, name, 'S', 1, 4700, 100, 3, 160686, 414, 9, 7), stat);
  }

  @Property
  void noTextBreaksTheParsers(@ForAll String text) {
    ProcStat.parse(text);
    ProcIo.parse(text);
    ProcStatus.parse(text);
    Marks.parse(text);
    Cgroups.parse(text);
    Cgroups.path(text, "memory");
    Cgroups.oomKills(text);
    Cgroups.frozen(text);
    GroupMounts.parse(text).upwards(text, null);
    SystemdUnit.parse(text).advise("x.service", UnitGone.byOthers(1));
  }

  @Test
  void aNameThatLooksLikeTheEndOfOne() {
    assertEquals(160686, ProcStat.parse("4711 (a) S 1 (b) ()" + REST).orElseThrow().startTicks());
  }

  @Test
  void aCommandLineIsShownWithoutItsSecretsAndWithoutWhatWasCutOff() {
    assertEquals("w --token *** a", Proc.shown("w\0--token\0a b\0a\0".getBytes(UTF_8)));
    assertEquals("w: idle", Proc.shown("w: idle\0\0\0\0".getBytes(UTF_8)));
    assertEquals("", Proc.shown(new byte[0]));
    String url = "postgresql://u:s3cr3t@h";
    String longest = "w\0" + "x".repeat(4096 - 2 - 1 - 20) + "\0" + url;
    String shown = Proc.shown(longest.substring(0, 4096).getBytes(UTF_8));
    assertTrue(shown.endsWith("x ..."), shown);
  }

  @Test
  void aShortLineIsNoStat() {
    assertEquals(Optional.empty(), ProcStat.parse("4711 (a) S 1 2"));
    assertEquals(Optional.empty(), ProcStat.parse(""));
  }

  @Test
  void aZombieHasEndedUnlessOtherThreadsLive() {
    assertTrue(zombie(1).ended());
    assertFalse(zombie(2).ended());
    assertFalse(new ProcStat(1, "a", 'T', 0, 0, 0, 1, 1, 0, 0).ended());
  }

  private static ProcStat zombie(int threads) {
    return new ProcStat(1, "a", 'Z', 0, 0, 0, threads, 1, 0, 0);
  }

  @Test
  void killsForMemory() {
    assertEquals(
        3, Cgroups.oomKills("low 0\nhigh 0\nmax 12\noom 4\noom_kill 3\noom_group_kill 0\n"));
    assertEquals(1, Cgroups.oomKills("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n"));
    assertEquals(-1, Cgroups.oomKills("oom_kill_disable 0\nunder_oom 0\n"));
    assertEquals(-1, Cgroups.oomKills("oom_kill x\n"));
  }

  @Test
  void freezers() {
    assertTrue(Cgroups.frozen("populated 1\nfrozen 1\n"));
    assertFalse(Cgroups.frozen("populated 1\nfrozen 0\n"));
    assertTrue(Cgroups.frozen("FROZEN\n"));
    assertFalse(Cgroups.frozen("FREEZING\n"));
    assertFalse(Cgroups.frozen("THAWED\n"));
  }

  @Test
  void controlGroupsAreFoundBelowTheirMounts() {
    GroupMounts mounts =
        GroupMounts.parse(
            """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 /box /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory,hugetlb
            42 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """);
    String membership = "4:memory,hugetlb:/box/a\n1:name=systemd:/c\n0::/x/y\n";
    assertEquals(
        List.of(
            Path.of("/sys/fs/cgroup/unified/x/y"),
            Path.of("/sys/fs/cgroup/unified/x"),
            Path.of("/sys/fs/cgroup/unified")),
        mounts.upwards(membership, null));
    assertEquals(
        List.of(Path.of("/sys/fs/cgroup/memory/a"), Path.of("/sys/fs/cgroup/memory")),
        mounts.upwards(membership, "memory"));
    assertEquals(List.of(), mounts.upwards(membership, "freezer"));
    assertEquals(List.of(), mounts.upwards("4:memory:/other\n", "memory"));
    assertEquals(List.of(), mounts.upwards("0::/../outside\n", null));
    assertEquals(List.of(Path.of("/sys/fs/cgroup/unified")), mounts.upwards("0::/\n", null));
    assertEquals(List.of(), GroupMounts.NONE.upwards(membership, null));
  }

  @Test
  void storageCounters() {
    assertEquals(
        Optional.of(new ProcIo(8192, 4096)),
        ProcIo.parse("rchar: 1\nwchar: 2\nread_bytes: 8192\nwrite_bytes: 4096\n"));
    assertEquals(Optional.empty(), ProcIo.parse("rchar: 1\n"));
  }

  @Test
  void namespacesOfAStatus() {
    ProcStatus inside = ProcStatus.parse("Name:\ta\nNSpid:\t4711\t7\nThreads:\t1\n");
    assertTrue(inside.walled());
    assertEquals(7, inside.ownPid(4711));
    assertFalse(ProcStatus.parse("NSpid:\t4711\n").walled());
    assertEquals(4711, ProcStatus.parse("").ownPid(4711));
    assertTrue(ProcStatus.whole("Groups:\t0\nNSpid:\t4711\t7\nThreads:\t1\n"));
    assertFalse(ProcStatus.whole("Groups:\t0\nNSpid:\t4711\t"));
    assertFalse(ProcStatus.whole("Groups:\t0 1 2 "));
  }

  @Test
  void marksNeedAllThree() {
    String marks = "A=1\0SELFHEAL_WORKER=w\0SELFHEAL_INSTANCE=w.1\0SELFHEAL_HOME=/d\0";
    assertEquals(Optional.of(new Marks("w", "w.1", "/d")), Marks.parse(marks));
    assertEquals(Optional.empty(), Marks.parse("SELFHEAL_INSTANCE=w.1\0"));
  }

  @Test
  void controlGroupsOfBothVersions() {
    List<String> both =
        Cgroups.parse("1:name=systemd:/system.slice/a.service\n0::/system.slice/a.service\n");
    assertEquals(List.of("/system.slice/a.service"), both);
    assertTrue(Cgroups.of(both, "a.service"));
    assertFalse(Cgroups.of(both, "b.service"));
    assertFalse(Cgroups.of(Cgroups.parse("0::/system.slice/aa.service\n"), "a.service"));
  }

  @Test
  void endsInWords() {
    assertEquals(" by signal 9 (KILL)", Words.ended(9));
    assertEquals(" with exit status 3", Words.ended(3 << 8));
    assertEquals("", Words.ended(0));
    assertEquals(9, Words.waitStatus(137));
    assertEquals(3 << 8, Words.waitStatus(3));
  }
}
