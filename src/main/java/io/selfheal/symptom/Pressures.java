package io.selfheal.symptom;

import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Pressure;
import java.util.Optional;

/** Finds the pressure of one resource in a reading of the host. Pure. */
final class Pressures {
  private Pressures() {}

  /** That of cpu, memory or io; empty when the reading has none. */
  static Optional<Pressure> of(HostSample host, String resource) {
    return host.pressure() == null
        ? Optional.empty()
        : host.pressure().stream().filter(one -> one.resource().equals(resource)).findFirst();
  }

  /** Why a reading has none. */
  static String missing(HostSample host) {
    return "nothing is known of pressure: "
        + host.problems().getOrDefault("pressure", "the host gave no reading of it");
  }
}
