package io.selfheal.message;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One reading of the machine. A part is null when its collector has no data yet or failed; the
 * reason is in {@code problems} under the collector's name. Shares run from 0 to 1.
 *
 * @param uptime time since boot
 * @param problems collector name → why it has no data
 */
public record HostSample(
    String hostName,
    @Nullable Duration uptime,
    @Nullable Cpu cpu,
    @Nullable Memory memory,
    @Nullable List<Disk> disks,
    @Nullable List<DiskActivity> diskActivity,
    @Nullable List<Network> network,
    @Nullable Load load,
    @Nullable List<Pressure> pressure,
    Map<String, String> problems) {

  /**
   * Processor time since the reading before.
   *
   * @param busyShare everything but idle and iowait
   * @param perCoreShare the same, core by core
   * @param stealShare time that the hypervisor gave to others
   * @param iowaitShare idle time with a disk request outstanding
   */
  public record Cpu(
      double busyShare, List<Double> perCoreShare, double stealShare, double iowaitShare) {}

  /** Memory; {@code availableBytes} is what can be had without swapping. */
  public record Memory(
      long totalBytes, long availableBytes, long swapTotalBytes, long swapUsedBytes) {}

  /** One mounted file system; inodes are -1 where the file system has no fixed number. */
  public record Disk(
      String mount,
      String device,
      String type,
      long totalBytes,
      long usableBytes,
      long totalInodes,
      long freeInodes) {}

  /** Traffic of one block device since the reading before. */
  public record DiskActivity(
      String device, double readBytesPerSecond, double writeBytesPerSecond, double busyShare) {}

  /** Traffic of one interface since the reading before; errors and drops are totals. */
  public record Network(
      String name,
      double receivedBytesPerSecond,
      double sentBytesPerSecond,
      long errors,
      long drops) {}

  /** Load averages over 1, 5 and 15 minutes. */
  public record Load(double oneMinute, double fiveMinutes, double fifteenMinutes) {}

  /**
   * Pressure stall information of one resource: the share of time in which some, or all, tasks
   * waited for it.
   *
   * @param resource cpu, memory or io
   */
  public record Pressure(
      String resource,
      double someTenSeconds,
      double someSixtySeconds,
      double fullTenSeconds,
      double fullSixtySeconds) {}
}
