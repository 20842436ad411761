package io.selfheal.symptom;

/**
 * The mean of a level over the last ten seconds, the older the less, as the kernel has it in {@code
 * avg10} of its pressure files: so that the two speak of the same time. Pure.
 *
 * @param mean NaN before the first reading
 * @param mark when it was read last
 */
record TenSeconds(double mean, long mark) {
  /** Nothing was read yet. */
  static final TenSeconds NEW = new TenSeconds(Double.NaN, 0);

  private static final double WEIGHT_NANOS = 10e9;

  /** After a reading. */
  TenSeconds next(double value, long now) {
    if (Double.isNaN(mean)) {
      return new TenSeconds(value, now);
    }
    double kept = Math.exp(-Math.max(0, now - mark) / WEIGHT_NANOS);
    return new TenSeconds(mean * kept + value * (1 - kept), now);
  }
}
