package io.selfheal.error;

import java.util.LinkedHashMap;
import java.util.function.Supplier;

/**
 * The reports of late, by the ids that their reporters gave them: a reporter that got no answer
 * sends again what was taken already. The oldest gives way; it is not kept over a restart.
 */
final class Recent {
  private final int most;
  private final LinkedHashMap<String, String> taken = new LinkedHashMap<>();

  /**
   * @param most how many are kept
   */
  Recent(int most) {
    this.most = most;
  }

  /**
   * The id of a report.
   *
   * @param fresh gives one, and is asked only for a report that is new
   */
  String id(String reportId, Supplier<String> fresh) {
    String known = taken.get(reportId);
    if (known != null) {
      return known;
    }
    if (taken.size() == most) {
      taken.pollFirstEntry();
    }
    String id = fresh.get();
    taken.put(reportId, id);
    return id;
  }
}
