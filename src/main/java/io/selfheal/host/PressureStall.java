package io.selfheal.host;

import io.selfheal.message.HostSample.Pressure;

/** Parses one file of /proc/pressure. Pure. */
final class PressureStall {
  private PressureStall() {}

  /**
   * {@code some avg10=0.86 avg60=1.22 …}, and {@code full …} below it; kernels before 5.13 have no
   * {@code full} for the processor, where nothing but idle could stall fully: that is 0.
   */
  static Pressure parse(String resource, Fields fields) {
    double someTen = -1;
    double someSixty = -1;
    double fullTen = 0;
    double fullSixty = 0;
    for (; fields.hasLine(); fields.nextLine()) {
      String kind = fields.word(' ');
      if (kind.equals("some")) {
        someTen = share(fields, "avg10");
        someSixty = share(fields, "avg60");
      } else if (kind.equals("full")) {
        fullTen = share(fields, "avg10");
        fullSixty = share(fields, "avg60");
      }
    }
    if (someTen < 0) {
      throw new IllegalStateException("/proc/pressure/" + resource + " has no line \"some\"");
    }
    return new Pressure(resource, someTen, someSixty, fullTen, fullSixty);
  }

  private static double share(Fields fields, String name) {
    String found = fields.word('=');
    if (!found.equals(name)) {
      throw new IllegalStateException("expected " + name + " and found \"" + found + "\"");
    }
    return Double.parseDouble(fields.word(' ')) / 100;
  }
}
