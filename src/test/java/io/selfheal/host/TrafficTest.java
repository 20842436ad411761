package io.selfheal.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.HostSample.DiskActivity;
import io.selfheal.message.HostSample.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
  private static final String DISKSTATS =
      """
         7       0 loop0 1 2 3 4 5 6 7 8 9 10 11
       254       0 vda 62428 24832 3162882 15204 1753 5912 705344 1586 0 6300 17054 3631 36 1 2 4 0
       254       1 vda1 1 1 1 1 1 1 1 1 0 1 1
       253       0 dm-0 1 1 1 1 1 1 1 1 0 1 1
       104       0 cciss/c0d0 0 0 8 0 0 0 16 0 0 5 0
      """;
  private static final String NET_DEV =
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
          lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
      veth12ab:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
        eth0:277765403    6183    1    2    0     0          0         0   402040    3837    3    4    0     0       0          0
      """;

  @Test
  void readsWholeDisksFromDiskstats() {
    assertEquals(
        Map.of(
            "vda", new DiskTraffic.Counters(3162882, 705344, 6300),
            "cciss/c0d0", new DiskTraffic.Counters(8, 16, 5)),
        DiskTraffic.parse(Fields.of(DISKSTATS), Set.of("vda", "cciss/c0d0", "loop0")::contains));
  }

  @Test
  void readsInterfacesWithAndWithoutABlankBehindTheColon() {
    assertEquals(
        Map.of("eth0", new NetworkTraffic.Counters(277765403, 402040, 4, 6)),
        NetworkTraffic.parse(Fields.of(NET_DEV)));
  }

  @Test
  void anUnknownFormIsAFailureAndNotZero() {
    assertThrows(
        IllegalStateException.class,
        () -> DiskTraffic.parse(Fields.of("254 0 vda 1 2\n"), name -> true));
  }

  @Test
  void ratesOfDisksAreBytesAndShares() {
    assertEquals(
        new Reading.Data<>(List.of(new DiskActivity("vda", 512_000, 256, 0.75))),
        DiskTraffic.between(
            Map.of("vda", new DiskTraffic.Counters(1000, 10, 500)),
            Map.of("vda", new DiskTraffic.Counters(3000, 11, 2000)),
            TWO_SECONDS));
  }

  @Test
  void aDiskIsNeverBusierThanAlways() {
    assertEquals(
        new Reading.Data<>(List.of(new DiskActivity("vda", 0, 0, 1))),
        DiskTraffic.between(
            Map.of("vda", new DiskTraffic.Counters(0, 0, 0)),
            Map.of("vda", new DiskTraffic.Counters(0, 0, 2100)),
            TWO_SECONDS));
  }

  @Test
  void ratesOfInterfacesAreBytesAndErrorsAreTotals() {
    assertEquals(
        new Reading.Data<>(List.of(new Network("eth0", 500, 1, 7, 9))),
        NetworkTraffic.between(
            Map.of("eth0", new NetworkTraffic.Counters(1000, 10, 5, 6)),
            Map.of("eth0", new NetworkTraffic.Counters(2000, 12, 7, 9)),
            TWO_SECONDS));
  }

  @Test
  void theFirstReadingIsNoDataYet() {
    assertEquals(
        new Reading.None<>(Reading.NEEDS_TWO), NetworkTraffic.between(null, Map.of(), TWO_SECONDS));
    assertEquals(
        new Reading.None<>(Reading.NEEDS_TWO), DiskTraffic.between(null, Map.of(), TWO_SECONDS));
  }

  @Test
  void aCounterThatStartsOverLeavesOutItsDeviceOnly() {
    assertEquals(
        new Reading.Data<>(List.of(new Network("eth1", 0, 0, 0, 0))),
        NetworkTraffic.between(
            Map.of(
                "eth0", new NetworkTraffic.Counters(1000, 10, 0, 0),
                "eth1", new NetworkTraffic.Counters(5, 5, 0, 0)),
            Map.of(
                "eth0", new NetworkTraffic.Counters(3, 10, 0, 0),
                "eth1", new NetworkTraffic.Counters(5, 5, 0, 0)),
            TWO_SECONDS));
    assertEquals(
        new Reading.None<>(Reading.STARTED_OVER),
        DiskTraffic.between(
            Map.of("vda", new DiskTraffic.Counters(9, 0, 0)),
            Map.of("vda", new DiskTraffic.Counters(8, 0, 0)),
            TWO_SECONDS));
  }

  @Test
  void noDisksAtAllIsAnEmptyListAndNotAProblem() {
    assertEquals(
        new Reading.Data<>(List.of()), DiskTraffic.between(Map.of(), Map.of(), TWO_SECONDS));
  }

  @Property
  void aRateIsNeverNegative(@ForAll long before, @ForAll long now, @ForAll int nanos) {
    OptionalDouble rate = Rates.perSecond(before, now, Duration.ofNanos(nanos));
    assertEquals(before >= 0 && now >= before && nanos > 0, rate.isPresent());
    assertTrue(rate.orElse(0) >= 0, rate::toString);
  }

  @Property
  void aRateTimesItsDurationIsTheGrowth(
      @ForAll @LongRange(min = 0, max = 1L << 50) long before,
      @ForAll @LongRange(min = 0, max = 1L << 50) long growth) {
    double rate = Rates.perSecond(before, before + growth, TWO_SECONDS).orElseThrow();
    assertTrue(Math.abs(rate * 2 - growth) <= growth * 1e-9, () -> rate + " of " + growth);
  }
}
