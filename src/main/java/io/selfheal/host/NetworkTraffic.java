package io.selfheal.host;

import io.selfheal.message.HostSample.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Parses /proc/net/dev and computes rates. Pure. */
final class NetworkTraffic {
  /**
   * The machine's own end of containers and virtual machines: their traffic shows elsewhere too.
   */
  private static final List<String> NOISE =
      List.of("veth", "ifb", "dummy", "cali", "cilium", "lxc", "tap", "vnet", "tunl", "sit");

  private NetworkTraffic() {}

  /** Counters of one interface since it came up. */
  record Counters(long received, long sent, long errors, long drops) {}

  /** Interfaces that tell something, in the kernel's order. */
  static Map<String, Counters> parse(Fields fields) {
    Map<String, Counters> counters = new LinkedHashMap<>();
    fields.nextLine();
    fields.nextLine();
    for (; fields.hasLine(); fields.nextLine()) {
      String name = fields.word(':');
      if (!tells(name)) {
        continue;
      }
      long received = fields.number();
      fields.skip(1);
      long errors = fields.number();
      long drops = fields.number();
      fields.skip(4);
      long sent = fields.number();
      fields.skip(1);
      errors += fields.number();
      drops += fields.number();
      counters.put(name, new Counters(received, sent, errors, drops));
    }
    return counters;
  }

  /** The rates between two readings; an interface that is new or started over is left out. */
  static Reading<List<Network>> between(
      @Nullable Map<String, Counters> before, Map<String, Counters> now, Duration elapsed) {
    if (before == null) {
      return new Reading.None<>(Reading.NEEDS_TWO);
    }
    List<Network> traffic = new ArrayList<>(now.size());
    for (Map.Entry<String, Counters> entry : now.entrySet()) {
      Counters was = before.get(entry.getKey());
      Counters is = entry.getValue();
      if (was == null) {
        continue;
      }
      OptionalDouble received = Rates.perSecond(was.received(), is.received(), elapsed);
      OptionalDouble sent = Rates.perSecond(was.sent(), is.sent(), elapsed);
      if (received.isPresent() && sent.isPresent()) {
        traffic.add(
            new Network(
                entry.getKey(),
                received.getAsDouble(),
                sent.getAsDouble(),
                is.errors(),
                is.drops()));
      }
    }
    if (traffic.isEmpty() && !now.isEmpty()) {
      return new Reading.None<>(Reading.STARTED_OVER);
    }
    return new Reading.Data<>(List.copyOf(traffic));
  }

  private static boolean tells(String name) {
    return !name.isEmpty() && !name.equals("lo") && NOISE.stream().noneMatch(name::startsWith);
  }
}
