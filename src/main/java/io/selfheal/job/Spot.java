package io.selfheal.job;

/**
 * Where a look found a job.
 *
 * @param number counted through that look, in the order of the ids
 */
record Spot(Look look, int number) {
  /** One look. Equal to itself only: two may have seen the same horizon, and not the same jobs. */
  static final class Look {
    private final String horizon;

    /**
     * @param horizon the oldest transaction that had not ended when the look began: what an older
     *     one has written is what the look has read
     */
    Look(String horizon) {
      this.horizon = horizon;
    }

    String horizon() {
      return horizon;
    }
  }
}
