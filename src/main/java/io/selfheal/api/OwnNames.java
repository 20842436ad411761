package io.selfheal.api;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names under which this server is reached. A Host outside them is a rebound name (DNS
 * rebinding); an Origin outside them is another site's page.
 *
 * @param hosts every allowed Host header
 * @param origins every allowed Origin header
 */
record OwnNames(Set<String> hosts, Set<String> origins) {
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

  /**
   * @param port the one that is listened on
   * @param bound the address that is listened on
   * @param configured further names, with or without a port
   */
  static OwnNames of(int port, String bound, Collection<String> configured) {
    Set<String> hosts = new HashSet<>();
    Set<String> origins = new HashSet<>();
    Set<String> direct = new HashSet<>(LOOPBACK);
    if (!isWildcard(bound)) {
      direct.add(bracketed(bound));
    }
    for (String name : direct) {
      hosts.add(name);
      hosts.add(name + ":" + port);
      origins.add("http://" + name + (port == 80 ? "" : ":" + port));
    }
    for (String name : configured) {
      String lower = name.toLowerCase(Locale.ROOT);
      name(hosts, origins, lower);
      if (!hasPort(lower)) {
        name(hosts, origins, lower + ":" + port);
      }
    }
    return new OwnNames(Set.copyOf(hosts), Set.copyOf(origins));
  }

  boolean ownHost(String host) {
    return hosts.contains(host.toLowerCase(Locale.ROOT));
  }

  boolean ownOrigin(String origin) {
    return origins.contains(origin);
  }

  /** An address as it stands in a URL. */
  static String bracketed(String address) {
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }

  private static void name(Set<String> hosts, Set<String> origins, String authority) {
    hosts.add(authority);
    origins.add("http://" + authority);
    origins.add("https://" + authority);
  }

  private static boolean hasPort(String name) {
    return name.lastIndexOf(':') > name.lastIndexOf(']');
  }

  private static boolean isWildcard(String bound) {
    return !bound.equals("localhost") && InetAddress.ofLiteral(bound).isAnyLocalAddress();
  }
}
