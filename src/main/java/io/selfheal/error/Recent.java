package io.selfheal.error;

import io.selfheal.message.ErrorReport;
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
   * The id of a report. It is known by all that it says: two reporters may give the same id to
   * reports of their own, and neither is to be lost.
   *
   * @param fresh gives one, and is asked only for a report that is new
   */
  String id(ErrorReport report, Supplier<String> fresh) {
    String key = report.reportId() + " " + report.hashCode();
    String known = taken.get(key);
    if (known != null) {
      return known;
    }
    if (taken.size() == most) {
      taken.pollFirstEntry();
    }
    String id = fresh.get();
    taken.put(key, id);
    return id;
  }
}
